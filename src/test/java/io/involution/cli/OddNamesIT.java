package io.involution.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.data.Cifar10Files;
import io.involution.data.cifar10.Cifar10Format;
import io.involution.failure.PlainText;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** Every option that takes a path takes the names that people give their files. */
@ResourceLock(Resources.SYSTEM_PROPERTIES)
@ResourceLock(Resources.SYSTEM_OUT)
@ResourceLock(Resources.SYSTEM_ERR)
class OddNamesIT {
  @RegisterExtension static final LocalMaster MASTER = new LocalMaster(1, Map.of());
  private static final String ODD = "it's 10:20 #1 ä+%41 \"x\" [a]*";

  /** Colors, a cleared screen in one letter, text that runs backwards, a tab, and a line break. */
  private static final String STEERING = "=\u001b[31m\u009b2J\u202e\u200f\u061c\u2066\t\nx";

  private static final String ARCHIVE = "all 1:2.tar.gz";
  private static final Pattern TEXT = Pattern.compile("\\.(json|jsonl|html|csv|txt|conf|md)$");

  @TempDir private static Path data;
  @TempDir private Path folder;

  /** Black images, as files and as an archive, for all tests. */
  @BeforeAll
  static void makeData() throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    byte[] black = new byte[10_000 * Cifar10Format.RECORD];
    Cifar10Format.FILES.forEach(name -> files.put(name, black));
    Cifar10Files.write(data, files);
    Files.write(data.resolve(ARCHIVE), Cifar10Files.archive(files));
  }

  /** What steers a terminal is neither printed nor written into a file that people look at. */
  @Test
  void commandsTakeOddNames() throws IOException {
    Path odd = Files.createDirectory(folder.resolve(STEERING + ODD));

    assertThat(commands(odd, UnaryOperator.identity()))
        .containsExactlyInAnyOrder(
            "classified", "experiment", "page.html", "report", "run", "tests", "warm");
    try (Stream<Path> files = Files.walk(odd)) {
      Path ours = odd.resolve("data");
      List<Path> texts =
          files
              .filter(file -> TEXT.matcher(file.toString()).find() && !file.startsWith(ours))
              .toList();
      assertThat(texts).hasSizeGreaterThan(20);
      for (Path text : texts) {
        assertPlain(text.toString(), Files.readString(text));
      }
    }
  }

  private static void assertPlain(String name, String text) {
    assertThat(text.codePoints().filter(each -> each != '\n' && PlainText.steers(each)))
        .as("%s: %s", PlainText.line(name), PlainText.lines(text))
        .isEmpty();
  }

  @Test
  void commandsTakeOddNamesInUris() throws IOException {
    Path odd = Files.createDirectory(folder.resolve("-" + ODD + "y".repeat(200 - ODD.length())));

    assertThat(commands(odd, path -> "file:" + path))
        .containsExactlyInAnyOrder(
            "classified", "experiment", "page.html", "report", "run", "tests", "warm");
  }

  /** Runs the commands on inputs in a folder, and lists the outputs beside them. */
  private List<String> commands(Path odd, UnaryOperator<String> typed) throws IOException {
    List<String> inputs = new ArrayList<>(inputs(odd));
    UnaryOperator<String> in = name -> typed.apply(odd.resolve(name).toString());
    String settings = in.apply("train 1:2.conf");
    String files = in.apply("data");
    called("train", "--config", settings, "--data", files, "--out", in.apply("run"));
    String archive = in.apply(ARCHIVE);
    String model = in.apply("run/involution");
    called(
        "train",
        "--config",
        settings,
        "--data",
        archive,
        "--init",
        model + "/model.zip",
        "--out",
        in.apply("warm"));
    called(
        "evaluate",
        model,
        "--data",
        files,
        "--test-limit",
        "10",
        "--workers",
        "1",
        "--out",
        in.apply("tests"));
    called("report", in.apply("run"), "--out", in.apply("report"));
    String picture = in.apply("shot 10:20:30.png");
    called("predict", "--model", in.apply("run"), picture, "--out", in.apply("page.html"));
    String photos = in.apply("photos");
    called("classify", "--model", model, "--data", photos, "--out", in.apply("classified"));
    called("experiment", in.apply("cells 1:2.conf"), "--out", in.apply("experiment"));
    called("experiment", "status", in.apply("experiment"));
    called("experiment", "table", in.apply("experiment"));
    called("experiment", "table", in.apply("experiment"), "--csv", "--group-by", "data");
    List<String> outputs = names(odd);
    outputs.removeAll(inputs);
    return outputs;
  }

  private static List<String> inputs(Path odd) throws IOException {
    Path links = Files.createDirectory(odd.resolve("data"));
    for (String name : Cifar10Format.FILES) {
      Files.createLink(links.resolve(name), data.resolve(name));
    }
    Files.createLink(odd.resolve(ARCHIVE), data.resolve(ARCHIVE));
    Files.writeString(
        odd.resolve("data/batches.meta.txt"), "=cmd|' /C calc'!A0 <b>\"&\n".repeat(10));
    Files.writeString(
        odd.resolve("train 1:2.conf"),
        "train { epochs = 1, model = involution, workers = 1, train-limit = 20, test-limit = 10 }");
    Files.writeString(
        odd.resolve("cells 1:2.conf"),
        "experiment { name = tiny, grid { seed = [1] }, defaults { data = synthetic, epochs = 1,"
            + " train-limit = 20, test-limit = 10, workers = 1, model = involution } }");
    BufferedImage image = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
    Path shot = odd.resolve("shot 10:20:30.png");
    ImageIO.write(image, "png", shot.toFile());
    Path photos = Files.createDirectory(odd.resolve("photos"));
    Files.createLink(photos.resolve(shot.getFileName()), shot);
    return names(odd);
  }

  private static List<String> names(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return new ArrayList<>(files.map(file -> file.getFileName().toString()).toList());
    }
  }

  private static void called(String... arguments) {
    Called called = Called.command(arguments);
    assertThat(called.code()).as(called.err()).isZero();
    assertPlain(String.join(" ", arguments), called.out() + called.err());
  }
}
