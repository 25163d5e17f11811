package io.involution.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.involution.data.ImageShape;
import io.involution.driver.input.PictureFiles;
import io.involution.failure.InputException;
import io.involution.metrics.Json;
import io.involution.model.SavedNetwork;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.network.NetworkKind;
import io.involution.model.network.NetworkOptions;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PredictCommandTest {
  @TempDir private Path folder;

  @Test
  void theNetworksOfARunClassifyPicturesOfAnySize() throws IOException {
    Path run = run();
    Path png = picture("cat <b>.png", "png", 300, 90);
    Path jpeg = picture("grey.jpg", "jpg", 20, 64);
    Path page = folder.resolve("page.html");

    List<String> command = new ArrayList<>(List.of("predict", "--model", run.toString()));
    command.add(png.toString());
    command.addAll(Collections.nCopies(10, jpeg.toString()));
    command.addAll(List.of("--out", page.toString()));

    Called predict = Called.command(command.toArray(String[]::new));

    assertThat(predict.code()).as(predict.err()).isZero();
    assertThat(predict.out()).contains("cropped to its central square");
    // The answer of each network first, then the first one's classes by probability.
    List<String> lines = predict.out().lines().toList();
    assertThat(lines.get(0))
        .matches(
            "cat <b>\\.png: "
                + String.join(
                    ", ",
                    Stream.of("convolution", "involution", "involution-wide")
                        .map(network -> "[a-z]+ \\(" + network + ", [\\d.]+ %\\)")
                        .toList()));
    List<Double> percents = new ArrayList<>();
    for (String line : lines.subList(4, 14)) {
      percents.add(Double.parseDouble(line.replaceAll("[a-z]+ +([\\d.]+) %.*", "$1")));
    }
    assertThat(percents).isSortedAccordingTo(Comparator.reverseOrder());
    assertThat(predict.out().lines()).anyMatch(line -> line.startsWith("grey.jpg: "));
    String html = Files.readString(page);
    assertThat(html)
        .contains("cat &lt;b&gt;.png")
        .doesNotContain("<b>")
        .contains("id=\"kernels-involution\"", "id=\"kernels-involution-wide\"")
        .contains("Kernels are drawn for the first 10 images.", "id=\"image-10\"", ">image 9<")
        .doesNotContain(">image 10<");
    for (String network : new String[] {"convolution", "involution", "involution-wide"}) {
      Matcher shares =
          Pattern.compile("value=\"([^\"]*)\" data-from=\"probability/" + network + "/0/")
              .matcher(html);
      double sum = 0;
      int number = 0;
      while (shares.find()) {
        sum += Double.parseDouble(shares.group(1));
        number++;
      }
      assertThat(number).isEqualTo(10);
      assertThat(sum).isCloseTo(1, within(1e-5));
    }
  }

  @Test
  void classesOfAnOlderModelHaveTheNamesOfItsRun() throws IOException {
    Path run = run(SavedNetwork::older);
    Path samples = run.resolve("involution/artifacts/samples.json");
    Files.createDirectories(samples.getParent());
    Files.writeString(
        samples,
        "{\"classes\":[\"c0\",\"c1\",\"c2\",\"c3\",\"c4\",\"c5\",\"c6\",\"c7\",\"c8\",\"gnu\"]}");

    Called predict =
        Called.command(
            "predict",
            "--model",
            run.resolve("involution/model.zip").toString(),
            picture("a.png", "png", 32, 32).toString());

    assertThat(predict.code()).as(predict.err()).isZero();
    assertThat(predict.out()).contains("gnu", "involution").doesNotContain("convolution");
  }

  @Test
  void ofAFolderWhatCannotBeReadIsCountedAndNamed() throws IOException {
    Path run = run();
    picture("pictures/deep/a.png", "png", 32, 32);
    picture("pictures/b.jpg", "jpg", 40, 32);
    Files.writeString(folder.resolve("pictures/no.png"), "no picture");
    Files.writeString(folder.resolve("pictures/readme.txt"), "no picture either");
    Path bad = Files.createDirectories(folder.resolve("bad"));

    Called predict =
        Called.command("predict", "--model", run.toString(), folder.resolve("pictures").toString());

    assertThat(predict.code()).as(predict.err()).isZero();
    assertThat(predict.out())
        .contains("b.jpg: ", "deep/a.png: ", "warning: 1 of 3 images cannot be read", "no.png is");
    assertThat(predict(run, bad)).contains("bad has no images");
    Files.writeString(bad.resolve("x.png"), "no picture");
    assertThat(predict(run, bad)).contains("none of 1 images can be read", "x.png is not");
  }

  /** Scripts and other writings are names; what steers a terminal, or fills it, is none. */
  @Test
  void classNamesAreText() throws IOException {
    Path run = run(SavedNetwork::older);
    Path model = run.resolve("involution/model.zip");
    Path image = picture("a.png", "png", 32, 32);
    Path page = folder.resolve("page.html");
    String script = "<script>alert(1)</script>";
    String attribute = "\" onload=\"x' &amp; \u05e9\u05dc\u05d5\u05dd";

    nameClasses(run, script, attribute);
    Called shown =
        Called.command(
            "predict", "--model", model.toString(), image.toString(), "--out", page.toString());
    assertThat(shown.code()).as(shown.err()).isZero();
    assertThat(shown.out()).contains(script, attribute);
    assertThat(Files.readString(page))
        .contains("&lt;script&gt;alert(1)&lt;/script&gt;", "\u05e9\u05dc\u05d5\u05dd")
        .doesNotContain("<script>alert", "\" onload=", "' &amp; ");

    String huge = "n".repeat(1_000_000);
    for (String name : List.of("\u001b[2J", "a\nb", "\u202egnp.exe", "\u009b31m", huge, "")) {
      nameClasses(run, "fine", name);
      assertThat(predict(model, image))
          .contains("artifacts/samples.json has a class of the name")
          .matches("[ -~]{1,600}");
    }
  }

  private static void nameClasses(Path run, String... names) throws IOException {
    List<String> classes = new ArrayList<>(List.of(names));
    while (classes.size() < 10) {
      classes.add("c" + classes.size());
    }
    Path samples = run.resolve("involution/artifacts/samples.json");
    Files.createDirectories(samples.getParent());
    Files.write(samples, Json.pretty(Map.of("classes", classes)));
  }

  @Test
  void whatCannotBeUsedIsOneLine() throws IOException {
    Path run = run();
    Path picture = picture("a.png", "png", 32, 32);
    Path text = Files.writeString(folder.resolve("text.png"), "no picture");
    byte[] whole = Files.readAllBytes(picture("big.png", "png", 500, 500));
    Path half = Files.write(folder.resolve("half.png"), Arrays.copyOf(whole, 40));
    Path zip = Files.writeString(folder.resolve("bad.zip"), "no archive");

    assertThat(predict(run, text)).contains("text.png is not a readable image");
    assertThat(predict(run, half)).contains("half.png is not a readable image");
    assertThat(predict(run, folder.resolve("none.png"))).contains("none.png cannot be read");
    assertThat(predict(folder.resolve("nowhere"), picture)).contains("has no model.zip");
    assertThat(predict(folder.resolve("none.zip"), picture)).contains("none.zip cannot be read");
    assertThat(predict(zip, picture)).contains("bad.zip");
    assertThat(Called.command("predict", "--model", run.toString(), "").error())
        .contains("IMAGE  cannot be read", "empty string");
    assertThat(Called.command("predict", "--model", run.toString(), "s3a:b/x.png").error())
        .contains("IMAGE s3a:b/x.png cannot be read", "a URI needs a slash");
    assertThat(drawn(run, picture, "x.pdf").error()).contains(".html");
    Path mine = Files.writeString(folder.resolve("mine.html"), "mine");
    Called refused = drawn(run, picture, mine.toString());
    assertThat(refused.error()).contains("mine.html is there and was not written by this job");
    assertThat(refused.out()).as("before it computes").doesNotContain("a.png");
  }

  private static Called drawn(Path model, Path image, String out) {
    return Called.command("predict", "--model", model.toString(), image.toString(), "--out", out);
  }

  @Test
  void thereIsRoomForSoManyPicturesInAll() throws IOException {
    Path some = Files.createDirectory(folder.resolve("some"));
    for (int i = 0; i < 100; i++) {
      Files.createFile(some.resolve(i + ".png"));
    }

    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> readTimes(101, some, ImageShape.CIFAR10))
        .withMessage(
            "with %s there are more than 10,000 images of 3 x 32 x 32: use classify", some);
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> readTimes(18, some, new ImageShape(3, 224, 224)))
        .withMessage(
            "with %s there are more than 1,783 images of 3 x 224 x 224: use classify", some);
  }

  private static void readTimes(int times, Path place, ImageShape shape) {
    PictureFiles.read(Collections.nCopies(times, place.toString()), shape, new Configuration());
  }

  private static String predict(Path model, Path image) {
    return Called.command("predict", "--model", model.toString(), image.toString()).error();
  }

  /** A run's folder as far as predict looks at it, with models that nobody has trained. */
  private Path run() throws IOException {
    return run(file -> file);
  }

  private Path run(UnaryOperator<byte[]> as) throws IOException {
    Path run = folder.resolve("run");
    for (NetworkKind kind : NetworkKind.SMALL) {
      NetworkBlueprint blueprint =
          NetworkBlueprint.of(kind.label(), kind.configuration(new NetworkOptions(1, 0.001)));
      Path file = run.resolve(kind.label()).resolve("model.zip");
      Files.createDirectories(file.getParent());
      Files.write(file, as.apply(SavedNetwork.file(blueprint)));
    }
    return run;
  }

  private Path picture(String name, String format, int width, int height) throws IOException {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int x = 0; x < width; x++) {
      for (int y = 0; y < height; y++) {
        image.setRGB(x, y, 0x70503 * ((x + y) % 32) + x);
      }
    }
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    ImageIO.write(image, format, file.toFile());
    return file;
  }
}
