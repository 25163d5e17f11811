package io.involution.layers.involution;

import io.involution.compute.ImageChunk;
import io.involution.layers.array.NativeReals;
import java.util.Arrays;

/**
 * Copies the images of one chunk between float32 arrays [N, C, H, W] and lines, one per channel.
 * Remembers which position of the lines each output came from, for the backward pass.
 */
public final class FloatImages {
  /** The position of an output that the ReLU cut off: in the margin, which is never read. */
  private static final int DEAD = 0;

  private final InvolutionShape shape;
  private final LineGrid grid;
  private final ImageChunk chunk;

  /** Whether outputs are what the lines hold: without ReLU and max-pool. */
  private final boolean plain;

  /** Positions that are adjacent both in an image and in a line: a row, or all of its rows. */
  private final int run;

  /**
   * Unless plain, the position in its channel's line that each output came from, or {@link #DEAD}.
   */
  private final int[] places;

  /** For one chunk of images, whose lines are laid out as a grid. */
  public FloatImages(InvolutionShape shape, LineGrid grid, ImageChunk chunk) {
    this.shape = shape;
    this.grid = grid;
    this.chunk = chunk;
    plain = !shape.relu && !shape.pool;
    run = grid.pitch() == shape.width ? shape.height * shape.width : shape.width;
    int outputs = shape.channels * shape.pooledHeight() * shape.pooledWidth();
    places = new int[plain ? 0 : chunk.images() * outputs];
  }

  /** Reads the chunk's images. */
  public void load(NativeReals<float[]> input, float[][] lines, float[] image) {
    int size = shape.height * shape.width;
    int all = shape.channels * size;
    for (int n = 0; n < chunk.images(); n++) {
      input.get((chunk.from() + n) * all, image, 0, all);
      for (int c = 0; c < shape.channels; c++) {
        spread(image, c * size, lines[c], n);
      }
    }
  }

  private void spread(float[] image, int start, float[] line, int n) {
    int at = grid.row(n, 0);
    int pitch = grid.pitch();
    for (int from = start; from < start + shape.height * shape.width; from += run) {
      System.arraycopy(image, from, line, at, run);
      at += pitch;
    }
  }

  /** Writes the gradient of the chunk's images. */
  public void storeInputGradient(float[][] lines, float[] image, NativeReals<float[]> gradient) {
    store(lines, image, gradient);
  }

  private void store(float[][] lines, float[] image, NativeReals<float[]> images) {
    int size = shape.height * shape.width;
    int all = shape.channels * size;
    int pitch = grid.pitch();
    for (int n = 0; n < chunk.images(); n++) {
      for (int c = 0; c < shape.channels; c++) {
        int at = grid.row(n, 0);
        for (int to = c * size; to < (c + 1) * size; to += run) {
          System.arraycopy(lines[c], at, image, to, run);
          at += pitch;
        }
      }
      images.put((chunk.from() + n) * all, image, 0, all);
    }
  }

  /** Applies ReLU and max-pool to the output lines, records the winners and writes the result. */
  public void storeOutput(float[][] lines, float[] image, NativeReals<float[]> output) {
    if (plain) {
      store(lines, image, output);
      return;
    }
    int all = shape.channels * shape.pooledHeight() * shape.pooledWidth();
    for (int n = 0; n < chunk.images(); n++) {
      if (shape.pool) {
        pool(lines, image, n);
      } else {
        cutOff(lines, image, n);
      }
      output.put((chunk.from() + n) * all, image, 0, all);
    }
  }

  private float floor() {
    return shape.relu ? 0f : Float.NEGATIVE_INFINITY;
  }

  private void pool(float[][] lines, float[] image, int n) {
    int height = shape.pooledHeight();
    int width = shape.pooledWidth();
    int to = 0;
    for (int c = 0; c < shape.channels; c++) {
      for (int y = 0; y < height; y++) {
        poolRow(lines[c], image, n, to);
        to += width;
      }
    }
  }

  private void poolRow(float[] line, float[] image, int n, int to) {
    float floor = floor();
    int width = shape.pooledWidth();
    int plane = shape.pooledHeight() * width;
    int first = n * shape.channels * plane;
    int at = grid.row(n, 2 * (to % plane / width));
    int below = grid.pitch();
    for (int i = to; i < to + width; i++, at += 2) {
      // No branches: the largest of four (the first of equals) is not predictable.
      int above = at + less(line[at], line[at + 1]);
      int under = at + below + less(line[at + below], line[at + below + 1]);
      int place = above + (-less(line[above], line[under]) & (under - above));
      float best = line[place];
      if (Float.isNaN(line[at] + line[at + 1] + line[at + below] + line[at + below + 1])) {
        // Of what is not a number, the sign of a difference says nothing.
        best = largest(line, at, below);
      }
      image[i] = Math.max(best, floor);
      places[first + i] = place & -less(floor, best);
    }
  }

  /** The largest of a window's four values: NaN if one of them is. */
  private static float largest(float[] line, int at, int below) {
    float above = Math.max(line[at], line[at + 1]);
    return Math.max(above, Math.max(line[at + below], line[at + below + 1]));
  }

  /** 1 if the left is less than the right, else 0, by the sign of their difference. */
  private static int less(float left, float right) {
    return Float.floatToRawIntBits(left - right) >>> 31;
  }

  private void cutOff(float[][] lines, float[] image, int n) {
    int first = n * shape.channels * shape.outHeight * shape.outWidth;
    float floor = floor();
    int to = 0;
    for (int c = 0; c < shape.channels; c++) {
      float[] line = lines[c];
      for (int y = 0; y < shape.outHeight; y++) {
        int row = grid.row(n, y);
        for (int at = row; at < row + shape.outWidth; at++, to++) {
          float value = line[at];
          image[to] = Math.max(value, floor);
          places[first + to] = at & -less(floor, value);
        }
      }
    }
  }

  /** Reads the output's gradient into lines, zero wherever ReLU and max-pool block it. */
  public void loadOutputGradient(NativeReals<float[]> epsilon, float[][] lines, float[] image) {
    for (float[] line : lines) {
      Arrays.fill(line, 0f);
    }
    if (plain) {
      load(epsilon, lines, image);
      return;
    }
    int all = shape.channels * shape.pooledHeight() * shape.pooledWidth();
    for (int n = 0; n < chunk.images(); n++) {
      epsilon.get((chunk.from() + n) * all, image, 0, all);
      scatter(lines, image, n);
    }
    for (float[] line : lines) {
      line[DEAD] = 0;
    }
  }

  private void scatter(float[][] lines, float[] image, int n) {
    int plane = shape.pooledHeight() * shape.pooledWidth();
    int first = n * shape.channels * plane;
    int from = 0;
    for (int c = 0; c < shape.channels; c++) {
      float[] line = lines[c];
      for (int end = from + plane; from < end; from++) {
        line[places[first + from]] = image[from];
      }
    }
  }
}
