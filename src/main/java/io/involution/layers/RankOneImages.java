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
    int size = shape.pooledHeight() * shape.pooledWidth();
    int all = shape.channels * size;
    float floor = shape.relu ? 0f : Float.NEGATIVE_INFINITY;
    for (int n = 0; n < chunk.images; n++) {
      for (int c = 0; c < shape.channels; c++) {
        for (int y = 0; y < shape.pooledHeight(); y++) {
          int to = c * size + y * shape.pooledWidth();
          if (shape.pool) {
            poolRow(scratch, chunk, grid.row(n, 2 * y), c, n * all, to, floor);
          } else {
            plainRow(scratch, chunk, grid.row(n, y), c, n * all, to, floor);
          }
        }
      }
      output.put((from + n) * all, scratch.image, 0, all);
    }
  }

  private void poolRow(
      RankOneScratch scratch, RankOneChunk chunk, int at, int c, int first, int to, float floor) {
    float[] line = scratch.output[c];
    float[] image = scratch.image;
    byte[] winners = chunk.winner;
    int below = grid.pitch;
    int end = to + shape.pooledWidth();
    int q = at;
    for (int i = to; i < end; i++, q += 2) {
      float top = line[q];
      float bottom = line[q + below];
      float top2 = line[q + 1];
      float bottom2 = line[q + below + 1];
      float left = Math.max(top, top2);
      float best = Math.max(left, Math.max(bottom, bottom2));
      int winner = best == top ? 0 : best == top2 ? 1 : best == bottom ? 2 : 3;
      image[i] = Math.max(best, floor);
      winners[first + i] = best > floor ? (byte) winner : RankOneChunk.DEAD;
    }
  }

  private void plainRow(
      RankOneScratch scratch, RankOneChunk chunk, int at, int c, int first, int to, float floor) {
    float[] line = scratch.output[c];
    for (int x = 0; x < shape.outWidth; x++) {
      float value = line[at + x];
      scratch.image[to + x] = Math.max(value, floor);
      chunk.winner[first + to + x] = value > floor ? 0 : RankOneChunk.DEAD;
    }
  }

  /** Reads the output's gradient into lines, zero wherever ReLU and max-pool let nothing pass. */
  void loadOutputGradient(
      FloatBuffer epsilon, int from, RankOneChunk chunk, RankOneScratch scratch) {
    int size = shape.pooledHeight() * shape.pooledWidth();
    int all = shape.channels * size;
    for (float[] line : scratch.output) {
      Arrays.fill(line, 0f);
    }
    int step = shape.pool ? 2 : 1;
    for (int n = 0; n < chunk.images; n++) {
      epsilon.get((from + n) * all, scratch.image, 0, all);
      for (int c = 0; c < shape.channels; c++) {
        for (int y = 0; y < shape.pooledHeight(); y++) {
          int start = c * size + y * shape.pooledWidth();
          gradientRow(scratch, chunk, c, n * all, start, grid.row(n, y * step));
        }
      }
    }
  }

  private void gradientRow(
      RankOneScratch scratch, RankOneChunk chunk, int c, int first, int start, int at) {
    float[] line = scratch.output[c];
    int step = shape.pool ? 2 : 1;
    for (int x = 0; x < shape.pooledWidth(); x++) {
      int winner = chunk.winner[first + start + x];
      if (winner != RankOneChunk.DEAD) {
        int offset = (winner >> 1) * grid.pitch + (winner & 1);
        line[at + x * step + offset] = scratch.image[start + x];
      }
    }
  }
}
