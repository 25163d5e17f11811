package io.involution.report.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.Random;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class PngImageTest {
  private static final int OPAQUE = 0xff000000;

  @Test
  void thePlatformReadsTheSameColors() throws IOException {
    int[] colors = new Random(7).ints(31 * 17, 0, 1 << 24).toArray();
    assertThat(read(new PngImage(31, 17, colors), 31, 17)).containsExactly(colors);

    PngImage one = new PngImage(1, 1);
    one.fill(0xfedcba);
    assertThat(read(one, 1, 1)).containsExactly(0xfedcba);
  }

  @Test
  void anEnlargedImageHasASquareForEveryPixel() throws IOException {
    PngImage small = new PngImage(2, 1);
    small.set(0, 0, 0x010203);
    small.set(0, 1, 0xfffefd);
    assertThat(read(small.enlarged(2), 4, 2))
        .containsExactly(
            0x010203, 0x010203, 0xfffefd, 0xfffefd, 0x010203, 0x010203, 0xfffefd, 0xfffefd);
  }

  /** Viewers refuse a file whose checksums are wrong; the platform's reader does not look. */
  @Test
  void everyChunkHasItsChecksum() throws IOException {
    byte[] file = new PngImage(5, 4).file();
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(file));
    in.skipNBytes(8);
    int chunks = 0;
    while (in.available() > 0) {
      byte[] content = new byte[in.readInt() + 4];
      in.readFully(content);
      CRC32 checksum = new CRC32();
      checksum.update(content);
      assertThat(in.readInt()).isEqualTo((int) checksum.getValue());
      chunks++;
    }
    assertThat(chunks).isEqualTo(3);
  }

  @Test
  void colorsFillTheImage() {
    assertThatThrownBy(() -> new PngImage(2, 2, new int[3])).hasMessageContaining("3 colors");
  }

  private static int[] read(PngImage image, int width, int height) throws IOException {
    BufferedImage read = ImageIO.read(new ByteArrayInputStream(image.file()));
    assertThat(read.getWidth()).isEqualTo(width);
    assertThat(read.getHeight()).isEqualTo(height);
    int[] colors = read.getRGB(0, 0, width, height, null, 0, width);
    for (int i = 0; i < colors.length; i++) {
      assertThat(colors[i] & OPAQUE).isEqualTo(OPAQUE);
      colors[i] &= ~OPAQUE;
    }
    return colors;
  }
}
