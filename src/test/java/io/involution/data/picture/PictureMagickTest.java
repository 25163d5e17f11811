package io.involution.data.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.involution.data.ImageShape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Pictures of many kinds have the pixels that ImageMagick, an independent decoder, finds in them.
 * Runs where {@code convert} is installed ({@code apt-get install imagemagick}).
 */
class PictureMagickTest {
  private static final String COLORS = "gradient:#ff2010-#1030f0";

  @TempDir private Path folder;

  /** Other programs are called so, too. */
  @BeforeAll
  static void isInstalled() throws InterruptedException {
    boolean magick = false;
    try {
      Process asked = new ProcessBuilder("convert", "-version").redirectErrorStream(true).start();
      String said = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      magick = asked.waitFor() == 0 && said.contains("ImageMagick");
    } catch (IOException missing) {
      // There is no program of that name.
    }
    assumeTrue(magick, "ImageMagick's convert is not installed");
  }

  @ParameterizedTest
  @CsvSource({
    "rgb.png, -depth 8 -define png:color-type=2, 0",
    "rgb16.png, -depth 16 -define png:color-type=2, 1",
    "alpha.png, -depth 8 -alpha set -channel A -evaluate set 40% +channel -define png:color-type=6,"
        + " 1",
    "alpha16.png, -depth 16 -alpha set -channel A -evaluate set 40% +channel -define"
        + " png:color-type=6, 1",
    "grey.png, -colorspace Gray -depth 8 -define png:color-type=0, 0",
    "grey16.png, -colorspace Gray -depth 16 -define png:color-type=0 -define png:bit-depth=16, 1",
    "grey2.png, -colorspace Gray -depth 2 -define png:color-type=0 -define png:bit-depth=2, 0",
    "greyalpha.png, -colorspace Gray -depth 8 -alpha set -channel A -evaluate set 40% +channel"
        + " -define png:color-type=4, 1",
    "greyalpha16.png, -colorspace Gray -depth 16 -alpha set -channel A -evaluate set 40% +channel"
        + " -define png:color-type=4, 1",
    "palette.png, -colors 16 -define png:color-type=3, 0",
    "interlaced.png, -interlace PNG -depth 8, 0",
    "palette.gif, -colors 64, 0",
    "rgb.bmp, -define bmp:format=bmp3, 0",
    "rgb.jpg, -quality 90, 3",
    "sampled.jpg, -quality 90 -sampling-factor 2x2, 12",
    "progressive.jpg, -quality 90 -interlace JPEG, 3",
    "grey.jpg, -colorspace Gray -quality 90, 1",
    "cmyk.jpg, -colorspace CMYK -quality 95, 3",
  })
  void pixelsAreThoseOfAnotherDecoder(String file, String options, int most) throws Exception {
    Path made = folder.resolve(file);
    List<String> command = new ArrayList<>(List.of("-size", "32x32", COLORS, "-rotate", "30"));
    command.addAll(List.of("-gravity", "center", "-crop", "32x32+0+0", "+repage"));
    command.addAll(Arrays.asList(options.split(" ", -1)));
    command.add(made.toString());
    convert(command);

    assertSame(made, 32, most);
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "3", "4", "5", "6", "7", "8"})
  void photosAreTurnedAsPeopleSeeThem(int orientation) throws Exception {
    Path made = folder.resolve("turned.jpg");
    convert(
        List.of(
            "-size",
            "96x64",
            COLORS,
            "-fill",
            "lime",
            "-draw",
            "rectangle 20,4 40,20",
            "-quality",
            "95",
            made.toString()));
    byte[] jpeg = Files.readAllBytes(made);
    Files.write(made, Pictures.withOrientation(jpeg, orientation));

    assertSame(made, 64, 4);
  }

  private void assertSame(Path made, int side, int most) throws Exception {
    Path raw = folder.resolve("raw.rgb");
    convert(
        List.of(
            made.toString(),
            "-auto-orient",
            "-background",
            "white",
            "-alpha",
            "remove",
            "-alpha",
            "off",
            "-colorspace",
            "sRGB",
            "-type",
            "TrueColor",
            "-gravity",
            "center",
            "-extent",
            side + "x" + side,
            "-scale",
            "32x32!",
            "-depth",
            "8",
            "rgb:" + raw));
    byte[] expected = Files.readAllBytes(raw);
    byte[] pixels =
        PictureFile.pixels(Files.readAllBytes(made), made.toString(), ImageShape.CIFAR10);
    int worst = 0;
    for (int at = 0; at < 1024; at++) {
      for (int channel = 0; channel < 3; channel++) {
        int difference = (pixels[channel * 1024 + at] & 0xff) - (expected[at * 3 + channel] & 0xff);
        worst = Math.max(worst, Math.abs(difference));
      }
    }
    assertThat(worst).isLessThanOrEqualTo(most);
  }

  private static void convert(List<String> arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("convert"));
    command.addAll(arguments);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }
}
