package io.involution.driver.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.involution.failure.InputException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class PictureFileTest {
  private static void assertRefused(byte[] bytes, String... parts) {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> PictureFile.pixels(bytes, "p"))
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

    assertThat(PictureFile.pixels(grey.toByteArray(), "p")).containsOnly(100);
  }

  @Test
  void aJpegWithoutItsEndIsRefused() throws IOException {
    byte[] jpeg = Pictures.file("jpg", 200, 100);
    PictureFile.pixels(jpeg, "p");

    for (int length = 3; length < jpeg.length; length += 97) {
      assertRefused(Arrays.copyOf(jpeg, length), "use a PNG or JPEG");
    }
    byte[] ended = Arrays.copyOf(jpeg, jpeg.length * 2 / 3);
    ended[ended.length - 2] = (byte) 0xff;
    ended[ended.length - 1] = (byte) 0xd9;
    assertRefused(ended, "damaged");
  }

  @Test
  void aPhotoIsTurned() throws IOException {
    byte[] jpeg = Pictures.file("jpg", 64, 64);
    byte[] stored = PictureFile.pixels(jpeg, "p");
    byte[] turned = PictureFile.pixels(Pictures.withOrientation(jpeg, 6), "p");

    for (int row = 0; row < 32; row++) {
      for (int column = 0; column < 32; column++) {
        assertThat(turned[column * 32 + 31 - row]).isEqualTo(stored[row * 32 + column]);
      }
    }
    assertThat(PictureFile.pixels(Pictures.withOrientation(jpeg, 99), "p")).isEqualTo(stored);
  }
}
