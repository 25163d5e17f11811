package io.involution.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.model.SavedNetwork;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.network.NetworkKind;
import io.involution.model.network.NetworkOptions;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    assertThat(folder.resolve("x")).doesNotExist();
  }

  private static Called classify(Path model, Path data, Path out) {
    return Called.command(
        "classify",
        "--model",
        model.toString(),
        "--data",
        data.toString(),
        "--out",
        out.toString());
  }
}
