package io.involution.report.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.data.ImageShape;
import io.involution.evaluate.artifact.Picture;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class PixelsTest {
  private static final int ZOOM = 6;
  private static final int SIZE = 5;
  private static final int GAP = 2;

  @Test
  void aSheetOfLargeImagesIsEnlargedLess() throws IOException {
    ImageShape shape = new ImageShape(1, 256, 256);
    Picture picture = new Picture(shape, new byte[shape.pixels()]);

    byte[] file = Pixels.sheet(Collections.nCopies(25, picture), 5, ZOOM);

    BufferedImage sheet = ImageIO.read(new ByteArrayInputStream(file));
    assertThat(sheet.getWidth()).isEqualTo(3 * (5 * 256 + 4 * GAP));
    assertThat(sheet.getHeight()).isEqualTo(sheet.getWidth());
  }

  /** Every pixel is a square of its color, and between the images is white. */
  @Test
  void aSheetShowsEveryPixelAsItIs() throws IOException {
    byte[] bytes = new byte[3 * SIZE * SIZE];
    new Random(7).nextBytes(bytes);
    Picture picture = new Picture(new ImageShape(3, SIZE, SIZE), bytes);

    byte[] file = Pixels.sheet(List.of(picture, picture, picture), 2, ZOOM);

    BufferedImage sheet = ImageIO.read(new ByteArrayInputStream(file));
    assertThat(sheet.getWidth()).isEqualTo((2 * SIZE + GAP) * ZOOM);
    assertThat(sheet.getHeight()).isEqualTo((2 * SIZE + GAP) * ZOOM);
    for (int row = 0; row < sheet.getHeight(); row++) {
      for (int column = 0; column < sheet.getWidth(); column++) {
        int down = row / ZOOM;
        int across = column / ZOOM;
        boolean missing = down >= SIZE && across >= SIZE;
        boolean between = down % (SIZE + GAP) >= SIZE || across % (SIZE + GAP) >= SIZE;
        assertThat(sheet.getRGB(column, row) & 0xffffff)
            .isEqualTo(
                missing || between
                    ? 0xffffff
                    : picture.rgb(down % (SIZE + GAP), across % (SIZE + GAP)));
      }
    }
  }
}
