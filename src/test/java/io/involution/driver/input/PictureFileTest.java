package io.involution.driver.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.management.ThreadMXBean;
import io.involution.failure.InputException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.Deflater;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class PictureFileTest {
  private static byte[] file(String format, int width, int height) throws IOException {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int x = 0; x < width; x++) {
      for (int y = 0; y < height; y++) {
        image.setRGB(x, y, (x * 5 % 256) << 16 | (y * 3 % 256) << 8 | (x + y) % 256);
      }
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, format, bytes);
    return bytes.toByteArray();
  }

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
    byte[] jpeg = file("jpg", 200, 100);
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
    byte[] jpeg = file("jpg", 64, 64);
    byte[] stored = PictureFile.pixels(jpeg, "p");
    byte[] turned = PictureFile.pixels(Pictures.withOrientation(jpeg, 6), "p");

    for (int row = 0; row < 32; row++) {
      for (int column = 0; column < 32; column++) {
        assertThat(turned[column * 32 + 31 - row]).isEqualTo(stored[row * 32 + column]);
      }
    }
    assertThat(PictureFile.pixels(Pictures.withOrientation(jpeg, 99), "p")).isEqualTo(stored);
  }

  @Test
  void compressedTextsAreNotUnpacked() throws IOException {
    Deflater deflater = new Deflater();
    byte[] packed = new byte[1 << 20];
    deflater.setInput(new byte[1 << 28]);
    deflater.finish();
    int length = deflater.deflate(packed);
    deflater.end();
    byte[] text = new byte[length + 3];
    text[0] = 'a';
    System.arraycopy(packed, 0, text, 3, length);
    byte[] png = file("png", 40, 40);
    byte[] expected = PictureFile.pixels(png, "p");
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    for (String type : new String[] {"zTXt", "iTXt", "iCCP"}) {
      byte[] bomb = Pictures.withChunk(png, type, text);
      long before = threads.getCurrentThreadAllocatedBytes();
      assertThat(PictureFile.pixels(bomb, "p")).isEqualTo(expected);
      assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(16 << 20);
    }
  }

  @Test
  void sizesAreBoundedBeforeAnythingIsDecoded() throws IOException {
    byte[] png = file("png", 40, 40);

    assertRefused(Pictures.withSize(png, 10_000, 10_000), "10000 x 10000", "at most 64,000,000");
    assertRefused(Pictures.withSize(png, Integer.MAX_VALUE, Integer.MAX_VALUE), "p ");
    assertRefused(Pictures.withSize(png, 0, 5), "use a PNG or JPEG");
    byte[] deep = png.clone();
    deep[24] = 16;
    assertRefused(Pictures.withSize(deep, 8_000, 4_000), "at most 24,000,000");
  }

  @Test
  void damagedPicturesAreReadOrRefusedInOneLine() throws IOException {
    Random random = new Random(3);
    int cases = Integer.getInteger("fuzz.cases", 40);
    for (String format : new String[] {"png", "jpg", "gif", "bmp"}) {
      byte[] sound = file(format, 48, 40);
      for (int i = 0; i < cases; i++) {
        byte[] damaged = sound.clone();
        for (int flips = random.nextInt(5); flips >= 0; flips--) {
          int most = random.nextBoolean() ? damaged.length : 64;
          damaged[random.nextInt(Math.min(most, damaged.length))] = (byte) random.nextInt();
        }
        try {
          assertThat(PictureFile.pixels(damaged, "p")).hasSize(3072);
        } catch (InputException e) {
          assertThat(e.getMessage()).startsWith("p ").containsAnyOf("use a PNG", "scale it down");
        }
      }
    }
  }
}
