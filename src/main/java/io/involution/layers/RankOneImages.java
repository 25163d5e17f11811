package io.involution.layers;

import java.nio.FloatBuffer;
import java.util.Arrays;

/** Carries images between float32 arrays [N, C, H, W] and the lines of a {@link RankOneChunk}. */
final class RankOneImages {
  private final InvolutionShape shape;
  private final PaddedGrid grid;

  RankOneImages(InvolutionShape shape, PaddedGrid grid) {
    this.shape = shape;
    this.grid = grid;
  }

  /** Reads the chunk's images, of which the first is image {@code from} of the minibatch. */
  void load(FloatBuffer input, int from, RankOneChunk chunk, float[] image) {
    int size = shape.height * shape.width;
    int all = shape.channels * size;
    for (int n = 0; n < chunk.images; n++) {
      input.get((from + n) * all, image, 0, all);
      for (int c = 0; c < shape.channels; c++) {
        spread(image, c * size, chunk.input[c], n);
      }
    }
  }

  private void spread(float[] image, int start, float[] line, int n) {
    int at = grid.row(n, 0);
    for (int from = start; from < start + shape.height * shape.width; from += shape.width) {
      System.arraycopy(image, from, line, at, shape.width);
      at += grid.pitch;
    }
  }

  /** Writes the gradient of the chunk's images. */
  void storeInputGradient(RankOneChunk chunk, int from, float[] image, FloatBuffer gradient) {
    int all = shape.channels * shape.height * shape.width;
    for (int n = 0; n < chunk.images; n++) {
      int to = 0;
      for (int c = 0; c < shape.channels; c++) {
        int at = grid.row(n, 0);
        for (int y = 0; y < shape.height; y++) {
          System.arraycopy(chunk.inputGradient[c], at, image, to, shape.width);
          at += grid.pitch;
          to += shape.width;
        }
      }
      gradient.put((from + n) * all, image, 0, all);
    }
  }

  /** Applies ReLU and max-pool to the output lines, notes the winners and writes the result. */
  void storeOutput(RankOneScratch scratch, RankOneChunk chunk, int from, FloatBuffer output) {
    int all = shape.channels * shape.pooledHeight() * shape.pooledWidth();
    for (int n = 0; n < chunk.images; n++) {
      if (shape.pool) {
        pool(scratch, chunk, n);
      } else {
        cutOff(scratch, chunk, n);
      }
      output.put((from + n) * all, scratch.image, 0, all);
    }
  }

  private float floor() {
    return shape.relu ? 0f : Float.NEGATIVE_INFINITY;
  }

  private void pool(RankOneScratch scratch, RankOneChunk chunk, int n) {
    int height = shape.pooledHeight();
    int width = shape.pooledWidth();
    int to = 0;
    for (int c = 0; c < shape.channels; c++) {
      for (int y = 0; y < height; y++) {
        poolRow(scratch, chunk, c, n, to);
        to += width;
      }
    }
  }

  private void poolRow(RankOneScratch scratch, RankOneChunk chunk, int c, int n, int to) {
    float[] line = scratch.output[c];
    float[] image = scratch.image;
    int[] places = chunk.places;
    float floor = floor();
    int width = shape.pooledWidth();
    int plane = shape.pooledHeight() * width;
    int first = n * shape.channels * plane;
    int at = grid.row(n, 2 * (to % plane / width));
    int below = grid.pitch;
    for (int i = to; i < to + width; i++, at += 2) {
      // No branches: which of four is the largest, the first of equals, is not to be predicted.
      int above = at + less(line[at], line[at + 1]);
      int under = at + below + less(line[at + below], line[at + below + 1]);
      int place = above + (-less(line[above], line[under]) & (under - above));
      float best = line[place];
      image[i] = Math.max(best, floor);
      places[first + i] = place & -less(floor, best);
    }
  }

  /** 1 if the left is less than the right, else 0, by the sign of their difference. */
  private static int less(float left, float right) {
    return Float.floatToRawIntBits(left - right) >>> 31;
  }

  private void cutOff(RankOneScratch scratch, RankOneChunk chunk, int n) {
    int first = n * shape.channels * shape.outHeight * shape.outWidth;
    float floor = floor();
    int to = 0;
    for (int c = 0; c < shape.channels; c++) {
      float[] line = scratch.output[c];
      for (int y = 0; y < shape.outHeight; y++) {
        int row = grid.row(n, y);
        for (int at = row; at < row + shape.outWidth; at++, to++) {
          float value = line[at];
          scratch.image[to] = Math.max(value, floor);
          chunk.places[first + to] = at & -less(floor, value);
        }
      }
    }
  }

  /** Reads the output's gradient into lines, zero wherever ReLU and max-pool let nothing pass. */
  void loadOutputGradient(
      FloatBuffer epsilon, int from, RankOneChunk chunk, RankOneScratch scratch) {
    int all = shape.channels * shape.pooledHeight() * shape.pooledWidth();
    for (float[] line : scratch.output) {
      Arrays.fill(line, 0f);
    }
    for (int n = 0; n < chunk.images; n++) {
      epsilon.get((from + n) * all, scratch.image, 0, all);
      scatter(scratch, chunk, n);
    }
    for (float[] line : scratch.output) {
      line[RankOneChunk.DEAD] = 0;
    }
  }

  private void scatter(RankOneScratch scratch, RankOneChunk chunk, int n) {
    int[] places = chunk.places;
    float[] image = scratch.image;
    int plane = shape.pooledHeight() * shape.pooledWidth();
    int first = n * shape.channels * plane;
    int from = 0;
    for (int c = 0; c < shape.channels; c++) {
      float[] line = scratch.output[c];
      for (int end = from + plane; from < end; from++) {
        line[places[first + from]] = image[from];
      }
    }
  }
}
