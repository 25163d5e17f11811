package io.involution.data.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.involution.data.ImageShape;
import io.involution.failure.InputException;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class PictureFileTest {
  private static void assertRefused(byte[] bytes, String... parts) {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> PictureFile.pixels(bytes, "p", ImageShape.CIFAR10))
        .satisfies(
            e -> assertThat(e.getMessage()).startsWith("p ").contains(parts).matches("[ -~]+"));
  }

  @Test
  void greyWithAlphaHasTheBrightnessThatIsStored() throws IOException {
    byte[] pixels = {100, (byte) 255};
    ByteArrayOutputStream grey = new ByteArrayOutputStream();
    BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_BYTE_GRAY);
    image.getRaster().setDataElements(0, 0, new byte[] {pixels[0]});
    ImageIO.write(image, "png", grey);

    assertThat(PictureFile.pixels(grey.toByteArray(), "p", ImageShape.CIFAR10)).containsOnly(100);
  }

  @Test
  void hasTheChannelsThatAreAskedFor() throws IOException {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(0, 0, 0xff0a141e);
    image.setRGB(1, 0, 0x80ff0000);
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(image, "png", png);
    byte[] file = png.toByteArray();

    assertThat(PictureFile.pixels(file, "p", new ImageShape(4, 1, 2)))
        .containsExactly(10, 255, 20, 0, 30, 0, 255, 0x80);
    assertThat(PictureFile.pixels(file, "p", new ImageShape(3, 1, 2)))
        .containsExactly(10, 255, 20, 127, 30, 127);
    assertThat(PictureFile.pixels(file, "p", new ImageShape(2, 1, 2)))
        .containsExactly(18, 76, 255, 0x80);
    assertThat(PictureFile.pixels(file, "p", new ImageShape(1, 1, 2))).containsExactly(18, 165);
    BufferedImage square = new BufferedImage(2, 2, BufferedImage.TYPE_INT_ARGB);
    for (int row = 0; row < 2; row++) {
      square.setRGB(0, row, 0xff0a141e);
      square.setRGB(1, row, 0x80ff0000);
    }
    png.reset();
    ImageIO.write(square, "png", png);
    assertThat(PictureFile.pixels(png.toByteArray(), "p", new ImageShape(4, 1, 1)))
        .as("transparent pixels count less")
        .containsExactly(92, 13, 20, 192);
  }

  @Test
  void showsTheMiddleInTheProportionsOfTheExample() throws IOException {
    byte[] wide = Pictures.file("png", 90, 30);
    byte[] high = Pictures.file("png", 30, 90);

    assertThat(PictureFile.pixels(wide, "p", new ImageShape(3, 10, 30))).hasSize(900);
    byte[] middle = PictureFile.pixels(high, "p", new ImageShape(3, 30, 30));
    for (int row = 0; row < 30; row++) {
      assertThat(middle[900 + row * 30] & 0xff).isEqualTo((row + 30) * 3 % 256);
    }
  }

  @Test
  void theSquareInTheMiddleIsShrunk() throws IOException {
    BufferedImage image = new BufferedImage(192, 64, BufferedImage.TYPE_INT_ARGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.RED);
    graphics.fillRect(0, 0, 64, 64);
    graphics.setColor(Color.GREEN);
    graphics.fillRect(64, 0, 32, 64);
    graphics.setColor(Color.BLUE);
    graphics.fillRect(128, 0, 64, 64);
    graphics.dispose();
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(image, "png", png);

    byte[] pixels = PictureFile.pixels(png.toByteArray(), "x.png", ImageShape.CIFAR10);

    // Left half of the square green, right half nothing, which is white; no red and no blue.
    for (int at = 0; at < 32 * 32; at++) {
      boolean left = at % 32 < 16;
      assertThat(pixels[at] & 0xff).isEqualTo(left ? 0 : 255);
      assertThat(pixels[1024 + at] & 0xff).isEqualTo(255);
      assertThat(pixels[2048 + at] & 0xff).isEqualTo(left ? 0 : 255);
    }
  }

  @Test
  void aJpegWithoutItsEndIsRefused() throws IOException {
    byte[] jpeg = Pictures.file("jpg", 200, 100);
    PictureFile.pixels(jpeg, "p", ImageShape.CIFAR10);

    for (int length = 3; length < jpeg.length; length += 97) {
      assertRefused(Arrays.copyOf(jpeg, length), "use a PNG or JPEG");
    }
    byte[] ended = Arrays.copyOf(jpeg, jpeg.length * 2 / 3);
    ended[ended.length - 2] = (byte) 0xff;
    ended[ended.length - 1] = (byte) 0xd9;
    assertRefused(ended, "damaged");
  }

  /** Any number of 0xff may stand before a marker. */
  @Test
  void aJpegMayHaveFillBytes() throws IOException {
    byte[] jpeg = Pictures.withOrientation(Pictures.file("jpg", 64, 64), 6);
    ByteArrayOutputStream filled = new ByteArrayOutputStream();
    byte[] fill = {-1, -1};
    int exif = 38;
    filled.write(jpeg, 0, 2);
    filled.writeBytes(fill);
    filled.write(jpeg, 2, exif - 2);
    filled.writeBytes(fill);
    filled.write(jpeg, exif, jpeg.length - exif);

    assertThat(PictureFile.pixels(filled.toByteArray(), "p", ImageShape.CIFAR10))
        .isEqualTo(PictureFile.pixels(jpeg, "p", ImageShape.CIFAR10));
  }

  @Test
  void aPhotoIsTurned() throws IOException {
    byte[] jpeg = Pictures.file("jpg", 64, 64);
    byte[] stored = PictureFile.pixels(jpeg, "p", ImageShape.CIFAR10);
    byte[] turned = PictureFile.pixels(Pictures.withOrientation(jpeg, 6), "p", ImageShape.CIFAR10);

    for (int row = 0; row < 32; row++) {
      for (int column = 0; column < 32; column++) {
        assertThat(turned[column * 32 + 31 - row]).isEqualTo(stored[row * 32 + column]);
      }
    }
    assertThat(PictureFile.pixels(Pictures.withOrientation(jpeg, 99), "p", ImageShape.CIFAR10))
        .isEqualTo(stored);
  }
}
