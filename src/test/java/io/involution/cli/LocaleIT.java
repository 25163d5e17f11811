package io.involution.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.involution.metrics.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** The machine's language decides nothing: not a file's name, not a digit in it, not a result. */
@ResourceLock(Resources.LOCALE)
@ResourceLock(Resources.SYSTEM_PROPERTIES)
@ResourceLock(Resources.SYSTEM_OUT)
@ResourceLock(Resources.SYSTEM_ERR)
class LocaleIT {
  @RegisterExtension static final LocalMaster MASTER = new LocalMaster(2, Map.of());
  private static final String DIGITS_OF_OTHERS = "[\\p{Nd}&&[^0-9]]";

  /** Turkish, with another upper case of i and a decimal comma, in the digits of Persian. */
  private static final String OTHER = "tr-TR-u-nu-arabext";

  @TempDir private Path folder;
  private Locale before;

  @BeforeEach
  void keepLocale() {
    before = Locale.getDefault();
  }

  @AfterEach
  void restoreLocale() {
    Locale.setDefault(before);
  }

  @Test
  void everyCommandWritesTheSameInAnotherLanguage() throws IOException {
    Map<String, String> root = commands(Locale.ROOT);

    assertThat(root).containsKey("run/report/index.html");
    assertThat(root.keySet()).anyMatch(name -> name.startsWith("experiment/cells/"));
    assertThat(String.format(Locale.forLanguageTag(OTHER), "%.1f", 1.5)).isEqualTo("۱٫۵");
    assertThat(commands(Locale.forLanguageTag(OTHER)).entrySet())
        .containsExactlyInAnyOrderElementsOf(root.entrySet());
  }

  /** The files that the commands leave, with the digests in them. */
  private Map<String, String> commands(Locale locale) throws IOException {
    Locale.setDefault(locale);
    Path home = Files.createDirectory(folder.resolve("in-" + locale.toLanguageTag()));
    String run = home.resolve("run").toString();
    String[] train = {
      "train",
      "--data",
      "synthetic",
      "--train-limit",
      "1100",
      "--test-limit",
      "20",
      "--epochs",
      "1",
      "--model",
      "involution",
      "--workers",
      "2",
      "--out",
      run
    };
    called(train);
    called(Stream.concat(Stream.of(train), Stream.of("--resume")).toArray(String[]::new));
    called("report", run);
    called(
        "evaluate",
        run + "/involution",
        "--data",
        "synthetic",
        "--test-limit",
        "20",
        "--workers",
        "2",
        "--out",
        home.resolve("evaluated").toString());
    Path matrix = Files.writeString(home.resolve("tiny.conf"), MATRIX);
    called("experiment", matrix.toString(), "--out", home.resolve("experiment").toString());
    called("experiment", "status", home.resolve("experiment").toString());
    called("experiment", "table", home.resolve("experiment").toString());
    return files(home);
  }

  private static final String MATRIX =
      """
      experiment {
        name = tiny
        defaults { data = synthetic, train-limit = 40, test-limit = 20, epochs = 1, workers = 2
          model = involution }
        grid { learning-rate = [0.001, 0.0005] }
      }
      """;

  private static void called(String... arguments) {
    Called called = Called.command(arguments);
    assertThat(called.code()).as(called.err()).isZero();
    assertThat(called.out() + called.err())
        .doesNotContainPattern(DIGITS_OF_OTHERS)
        .doesNotContainPattern("\\d[.]\\d{3},\\d");
  }

  private static Map<String, String> files(Path home) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(home)) {
      for (Path file : all.filter(Files::isRegularFile).filter(LocaleIT::stays).toList()) {
        String name = home.relativize(file).toString();
        files.put(generic(name), name.endsWith("run.json") ? results(file) : "");
        if (!name.matches(".*\\.(png|zip|parquet|state|bin)")) {
          assertThat(Files.readString(file, StandardCharsets.UTF_8))
              .as(name)
              .doesNotContainPattern(DIGITS_OF_OTHERS);
        }
      }
    }
    return files;
  }

  /** Heartbeats come and go with time. */
  private static boolean stays(Path file) {
    return !file.getFileName().toString().startsWith("beat-");
  }

  /** Parts of the ledger are numbered, and cells differ in how many of them there are. */
  private static String generic(String name) {
    return name.replaceAll("(ledger/.*-)\\d+(\\.jsonl)", "$1N$2");
  }

  private static String results(Path record) throws IOException {
    JsonNode run = Json.tree(Files.readAllBytes(record));
    JsonNode result = run.at("/results/involution");
    return Stream.of(
            run.at("/data/sha256"),
            run.at("/cell"),
            result.get("parameters_sha256"),
            result.get("test_loss"))
        .map(String::valueOf)
        .toList()
        .toString();
  }
}
