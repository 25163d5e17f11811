package io.involution.data.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.management.ThreadMXBean;
import io.involution.data.ImageShape;
import io.involution.failure.InputException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pictures that are small as files and large, slow or wrong as anything else. */
@Timeout(300)
class PictureBombsTest {
  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static void assertRefused(byte[] bytes, String... parts) {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> PictureFile.pixels(bytes, "p", ImageShape.CIFAR10))
        .satisfies(
            e -> assertThat(e.getMessage()).startsWith("p ").contains(parts).matches("[ -~]+"));
  }

  /** What is read, and no more memory taken for it than this. */
  private byte[] read(byte[] bytes, long most) {
    long before = threads.getCurrentThreadAllocatedBytes();
    try {
      return PictureFile.pixels(bytes, "p", ImageShape.CIFAR10);
    } finally {
      assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(most);
    }
  }

  /** A PNG with a text, or a color profile, of 256 MB. */
  private static byte[] bomb(byte[] png, String type) throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    text.writeBytes(new byte[] {'a', 0, 0});
    try (DeflaterOutputStream packed = new DeflaterOutputStream(text)) {
      packed.write(new byte[1 << 28]);
    }
    return Pictures.withChunk(png, type, text.toByteArray());
  }

  @Test
  void compressedTextsAreNotUnpacked() throws IOException {
    byte[] png = Pictures.file("png", 40, 40);
    byte[] expected = PictureFile.pixels(png, "p", ImageShape.CIFAR10);
    for (String type : new String[] {"zTXt", "iTXt", "iCCP"}) {
      assertThat(read(bomb(png, type), 16 << 20)).isEqualTo(expected);
    }
  }

  @Test
  void noPictureIsReadOutOfABmp() throws IOException {
    byte[] png = bomb(Pictures.file("png", 40, 40), "zTXt");
    byte[] large = Pictures.withSize(png, 60_000, 60_000);
    for (byte[] inner : new byte[][] {png, large}) {
      assertRefused(Pictures.bmp(40, 40, 5, inner), "holds a file of another format");
    }
    byte[] jpeg = Pictures.file("jpg", 40, 40);
    assertRefused(Pictures.bmp(40, 40, 4, jpeg), "holds a file of another format");
    assertRefused(Pictures.bmp(40, 40, -1, jpeg), "holds a file of another format");
  }

  @Test
  void sizesAreBoundedBeforeAnythingIsDecoded() throws IOException {
    byte[] png = Pictures.file("png", 40, 40);
    byte[] gif = Pictures.file("gif", 40, 40);
    byte[] jpeg = Pictures.file("jpg", 40, 40);

    assertRefused(Pictures.withSize(png, 10_000, 10_000), "10000 x 10000", "at most 64,000,000");
    assertRefused(Pictures.withSize(png, Integer.MAX_VALUE, Integer.MAX_VALUE), "p ");
    assertRefused(Pictures.withSize(png, 0, 5), "use a PNG or JPEG");
    byte[] deep = png.clone();
    deep[24] = 16;
    assertRefused(Pictures.withSize(deep, 8_000, 4_000), "at most 24,000,000");
    assertRefused(Pictures.withGifSize(gif, 65_535, 65_535), "at most 64,000,000");
    assertRefused(Pictures.withJpegSize(jpeg, 65_000, 65_000), "at most 64,000,000");
    assertRefused(Pictures.bmp(20_000, 20_000, 1, new byte[] {0, 1}), "at most 64,000,000");
    assertRefused(Pictures.bmp(1, Integer.MIN_VALUE, 1, new byte[] {0, 1}), "p ");
    assertRefused(Pictures.bmp(Integer.MAX_VALUE, Integer.MAX_VALUE, 0, new byte[9]), "p ");
  }

  /** A screen without a picture of that size takes no memory. */
  @Test
  void aLargeScreenOfAGifIsNotMade() throws IOException {
    byte[] gif = Pictures.file("gif", 40, 40);
    byte[] screen = gif.clone();
    ByteBuffer.wrap(screen).putInt(6, -1);
    assertThat(read(screen, 16 << 20)).isEqualTo(PictureFile.pixels(gif, "p", ImageShape.CIFAR10));
  }

  @Test
  void aJpegIsNotReadManyTimesOver() throws IOException {
    byte[] jpeg = Pictures.progressive("jpg", 160, 100);
    byte[] expected = PictureFile.pixels(jpeg, "p", ImageShape.CIFAR10);
    assertThat(expected).hasSize(3072);
    // As many scans as take no time in a small picture take minutes in a large one.
    byte[] scans = Pictures.withScans(jpeg, 80);
    assertRefused(Pictures.withJpegSize(scans, 8_000, 8_000), "64000000 pixels in 90 scans");
    byte[] many = Pictures.withScans(jpeg, 60_000);
    assertRefused(many, "pixels in 60010 scans: scale it down");
  }

  @Test
  void exifGoesNowhere() throws IOException {
    byte[] jpeg = Pictures.file("jpg", 40, 40);
    byte[] expected = PictureFile.pixels(jpeg, "p", ImageShape.CIFAR10);
    byte[] photo = Pictures.withOrientation(jpeg, 1);
    Random random = new Random(5);
    for (int i = 0; i < 2_000; i++) {
      byte[] damaged = photo.clone();
      // In the segment: 2 bytes of the file, then marker, length, and 32 bytes that point around.
      ByteBuffer.wrap(damaged).putInt(6 + random.nextInt(28), random.nextInt());
      assertThat(read(damaged, 16 << 20)).hasSize(3072);
    }
    assertThat(read(photo, 16 << 20)).isEqualTo(expected);
  }

  @Test
  void damagedPicturesAreReadOrRefusedInOneLine() throws IOException {
    Random random = new Random(Long.getLong("fuzz.seed", 3));
    int cases = Integer.getInteger("fuzz.cases", 40);
    for (Map.Entry<String, byte[]> each : kinds().entrySet()) {
      byte[] sound = each.getValue();
      assertThat(PictureFile.pixels(sound, "p", ImageShape.CIFAR10)).hasSize(3072);
      for (int i = 0; i < cases; i++) {
        byte[] damaged = sound.clone();
        for (int flips = random.nextInt(5); flips >= 0; flips--) {
          int most = random.nextBoolean() ? damaged.length : 64;
          damaged[random.nextInt(Math.min(most, damaged.length))] = (byte) random.nextInt();
        }
        if (each.getKey().contains("png") && random.nextInt(4) > 0) {
          damaged = Pictures.withSums(damaged);
        }
        try {
          assertThat(read(damaged, 2L << 30)).hasSize(3072);
        } catch (InputException e) {
          assertThat(e.getMessage())
              .as(each.getKey())
              .startsWith("p ")
              .matches("[ -~]+")
              .containsAnyOf("use a PNG", "scale it down");
        }
      }
    }
  }

  private static Map<String, byte[]> kinds() throws IOException {
    Map<String, byte[]> kinds = new LinkedHashMap<>();
    for (String format : new String[] {"png", "jpg", "gif", "bmp"}) {
      kinds.put(format, Pictures.file(format, 48, 40));
    }
    kinds.put("interlaced png", Pictures.progressive("png", 48, 40));
    kinds.put("progressive jpg", Pictures.progressive("jpg", 48, 40));
    kinds.put("turned jpg", Pictures.withOrientation(kinds.get("jpg"), 6));
    // Runs of one color, which end with the line or with the picture.
    byte[] runs = {48, 7, 0, 0, 20, 9, 0, 2, 3, 3, 10, 1, 0, 1};
    kinds.put("packed bmp", Pictures.bmp(48, 40, 1, runs));
    for (int type : new int[] {BufferedImage.TYPE_BYTE_BINARY, BufferedImage.TYPE_USHORT_GRAY}) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      ImageIO.write(new BufferedImage(48, 40, type), "png", bytes);
      kinds.put("png of type " + type, bytes.toByteArray());
    }
    return kinds;
  }
}
