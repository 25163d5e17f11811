package io.involution.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.involution.failure.InputException;
import io.involution.failure.PlainText;
import io.involution.metrics.JsonDamage;
import io.involution.report.run.RunData;
import io.involution.run.RunFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.regex.Matcher;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run wrote, changed in many ways: it is drawn, or one line names the folder. */
class RunFilesFuzzTest {
  private static final String[] FILES = {
    "run.json",
    "metrics.jsonl",
    "involution/artifacts/predictions.json",
    "involution/artifacts/confusion.json",
    "involution/artifacts/network.json",
    "convolution/artifacts/mistakes.json"
  };

  @TempDir private Path folder;
  private Path run;

  @BeforeEach
  void writeRun() {
    run = folder.resolve("run");
    new RunFixture(42).epochs(2).write(run);
  }

  private void report() {
    RunReport.files(RunData.read(RunFolder.read(run.toString(), new Configuration())));
  }

  @Test
  void changedFilesAreDrawnOrRefusedInOneLine() throws IOException {
    Random random = new Random(Long.getLong("fuzz.seed", 7));
    int cases = Math.min(2_000, Integer.getInteger("fuzz.cases", 30));
    for (int i = 0; i < cases; i++) {
      Path file = run.resolve(FILES[random.nextInt(FILES.length)]);
      byte[] sound = Files.readAllBytes(file);
      String changed = JsonDamage.changed(new String(sound, StandardCharsets.UTF_8), random);
      Files.writeString(file, changed);
      try {
        report();
      } catch (InputException e) {
        assertThat(e.getMessage()).contains(run.toString()).matches("[^\\p{Cc}]+");
      }
      Files.write(file, sound);
    }
  }

  @Test
  void classNamesAreText() throws IOException {
    String[] hostile = {"<script>alert(1)</script>", "a\\u001b[2Jb", "a\\nb", "\\u202egnp", "=x"};
    for (String name : hostile) {
      for (String file : new String[] {"samples", "predictions", "confusion", "mistakes"}) {
        Path artifact = run.resolve("involution/artifacts/" + file + ".json");
        String sound = Files.readString(artifact);
        String changed =
            sound.replaceFirst(
                "(\"classes\" : \\[ *)\"[^\"]*\"", "$1\"" + Matcher.quoteReplacement(name) + "\"");
        assertThat(changed).as(file).isNotEqualTo(sound);
        Files.writeString(artifact, changed);
        try {
          RunReport.files(RunData.read(RunFolder.read(run.toString(), new Configuration())))
              .forEach((page, bytes) -> assertText(page, bytes));
        } catch (InputException e) {
          assertThat(e.getMessage()).contains(run.toString()).matches("[^\\p{Cc}]+");
        }
        Files.writeString(artifact, sound);
      }
    }
  }

  private static void assertText(String page, byte[] bytes) {
    if (page.endsWith(".html") || page.endsWith(".svg") || page.endsWith(".csv")) {
      String text = new String(bytes, StandardCharsets.UTF_8);
      assertThat(text).as(page).doesNotContain("<script>alert", "\n=x");
      assertThat(text.codePoints().filter(each -> each != '\n' && PlainText.steers(each)))
          .as(page)
          .isEmpty();
    }
  }

  @Test
  void aModelThatIsAPathIsRefused() throws IOException {
    Path record = run.resolve("run.json");
    String sound = Files.readString(record);
    for (String name : new String[] {"http://127.0.0.1:1/x", "../x", "/etc", "a b", ""}) {
      Files.writeString(record, sound.replaceFirst("\"involution\" : \\{", "\"" + name + "\" : {"));
      assertThatExceptionOfType(InputException.class)
          .isThrownBy(this::report)
          .withMessageContaining("no network's name");
    }
  }
}
