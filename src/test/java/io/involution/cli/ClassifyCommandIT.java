package io.involution.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.data.Sha256;
import io.involution.model.SavedNetwork;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.network.NetworkKind;
import io.involution.model.network.NetworkOptions;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The command with a Spark of this JVM. */
class ClassifyCommandIT {
  @RegisterExtension
  static final LocalMaster MASTER = new LocalMaster(1, Map.of("spark.default.parallelism", "1"));

  @TempDir private Path folder;

  @Test
  void aFolderIsClassifiedAndWhatDoesNotFitIsOneLine() throws IOException {
    Path model = folder.resolve("model.zip");
    Files.write(
        model,
        SavedNetwork.file(
            NetworkBlueprint.of(
                "involution", NetworkKind.INVOLUTION.configuration(new NetworkOptions(1, 0.001)))));
    Path images = Files.createDirectories(folder.resolve("images"));
    for (String name : new String[] {"a.png", "b.png"}) {
      BufferedImage image = new BufferedImage(40, 32, BufferedImage.TYPE_INT_RGB);
      ImageIO.write(image, "png", images.resolve(name).toFile());
    }
    Path out = folder.resolve("out");

    Called done = classify(model, images, out);

    assertThat(done.code()).as(done.err()).isZero();
    assertThat(done.out()).contains("involution network", "2 images in ");
    assertThat(out.resolve("_SUCCESS")).exists();
    assertThat(out.resolve("_classify.json"))
        .content()
        .contains(Sha256.hex(Files.readAllBytes(model)), "\"job_version\"");
    assertThat(classify(model, folder.resolve("nowhere"), folder.resolve("x")).error())
        .contains("--data", "nowhere");
    assertThat(classify(folder.resolve("none.zip"), images, folder.resolve("x")).error())
        .contains("none.zip cannot be read");
    assertThat(classify(model, images, folder).error()).contains("contains the model itself");
    assertThat(Called.command("classify", "--model", model.toString(), "--data", "x").error())
        .contains("Missing required option", "--out");
    assertThat(
            Called.command(
                    "classify",
                    "--model",
                    model.toString(),
                    "--data",
                    images.toString(),
                    "--data-format",
                    "cifar10",
                    "--out",
                    folder.resolve("x").toString())
                .error())
        .contains("--data-format cifar10 is for train", "folder");
    for (String option : new String[] {"--key-column", "--image-column", "--size-columns"}) {
      assertThat(classify(model, images, folder.resolve("x"), option, "a,b").error())
          .contains(option + " has no effect on --data " + images + ", which is read as a folder");
    }
    assertThat(folder.resolve("x")).doesNotExist();
    assertAFailureIsResumedWhileItGetsFurther(model, images, out);
  }

  /** The second of two partitions cannot be written. */
  private static void assertAFailureIsResumedWhileItGetsFurther(Path model, Path images, Path out)
      throws IOException {
    Path second = out.resolve("part-00001-0000.parquet");
    for (Path file :
        List.of(out.resolve("_parts/00000.json"), out.resolve("_parts/00001.json"), second)) {
      Files.delete(file);
    }
    Files.createDirectories(second.resolve("in the way"));

    Called further = classify(model, images, out);
    Called noFurther = classify(model, images, out);

    assertThat(further.code()).as(further.err()).isEqualTo(3);
    assertThat(further.err()).contains("run the same command again to go on");
    assertThat(noFurther.code()).as(noFurther.err()).isEqualTo(1);
    assertThat(noFurther.out()).contains("1 of 2 partitions are done: going on");
    assertThat(noFurther.err()).doesNotContain("to go on");
  }

  private static Called classify(Path model, Path data, Path out, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "classify",
                "--model",
                model.toString(),
                "--data",
                data.toString(),
                "--out",
                out.toString()));
    arguments.addAll(List.of(more));
    return Called.command(arguments.toArray(String[]::new));
  }
}
