package io.involution.layers.involution.general;

import io.involution.compute.DoubleLines;
import io.involution.layers.array.HostBuffer;
import io.involution.layers.involution.InvolutionShape;
import io.involution.layers.involution.PaddedGrid;
import java.util.Arrays;

/** Copies images between [N, C, H, W] arrays and the lines of a {@link GeneralChunk}. */
final class GeneralImages {
  private final InvolutionShape shape;
  private final PaddedGrid grid;
  private final double[] inverseCount;

  GeneralImages(InvolutionShape shape, PaddedGrid grid) {
    this.shape = shape;
    this.grid = grid;
    inverseCount = shape.stride == 1 ? null : inverseCounts();
  }

  /** 1 / the number of pixels that are averaged at a position; 0 outside the image. */
  private double[] inverseCounts() {
    double[] inverse = new double[grid.imageLength];
    for (int y = 0; y < shape.outHeight; y++) {
      int rows = covered(y, shape.averageTop, shape.height);
      for (int x = 0; x < shape.outWidth; x++) {
        int count = rows * covered(x, shape.averageLeft, shape.width);
        inverse[y * grid.pitch + x] = 1.0 / count;
      }
    }
    return inverse;
  }

  private int covered(int position, int before, int size) {
    int first = position * shape.stride - before;
    return Math.min(size, first + shape.stride) - Math.max(0, first);
  }

  /** Reads the chunk's images. */
  void load(HostBuffer input, GeneralChunk chunk, double[] image) {
    int size = shape.height * shape.width;
    for (int n = 0; n < chunk.images; n++) {
      for (int c = 0; c < shape.channels; c++) {
        input.read(((chunk.first + n) * shape.channels + c) * size, image, 0, size);
        for (int y = 0; y < shape.height; y++) {
          loadRow(image, n, c, y, chunk);
        }
      }
    }
  }

  private void loadRow(double[] image, int n, int c, int y, GeneralChunk chunk) {
    int stride = shape.stride;
    for (int x = 0; x < shape.width; x++) {
      int phase = y % stride * stride + x % stride;
      int line = (phase * shape.channels + c) * chunk.lineLength;
      chunk.input[line + grid.row(n, y / stride) + x / stride] = image[y * shape.width + x];
    }
  }

  /** Writes the gradient of the chunk's images. */
  void storeInputGradient(GeneralChunk chunk, double[] image, HostBuffer gradient) {
    int stride = shape.stride;
    int size = shape.height * shape.width;
    for (int n = 0; n < chunk.images; n++) {
      for (int c = 0; c < shape.channels; c++) {
        for (int i = 0; i < size; i++) {
          int y = i / shape.width;
          int x = i % shape.width;
          int line = (y % stride * stride + x % stride) * shape.channels + c;
          image[i] =
              chunk.inputGradient[line * chunk.lineLength + grid.row(n, y / stride) + x / stride];
        }
        gradient.write(((chunk.first + n) * shape.channels + c) * size, image, 0, size);
      }
    }
  }

  /** Averages the input s x s into the kernel input. */
  void average(GeneralChunk chunk) {
    if (inverseCount == null) {
      return;
    }
    Arrays.fill(chunk.kernelInput, 0);
    int count = chunk.images * grid.imageLength;
    for (int c = 0; c < shape.channels; c++) {
      int to = c * chunk.lineLength + grid.margin;
      for (int tap = 0; tap < grid.phases; tap++) {
        int line = (grid.averagePhase[tap] * shape.channels + c) * chunk.lineLength;
        int start = line + grid.margin + grid.averageOffset[tap];
        DoubleLines.addScaled(chunk.kernelInput, to, 1, chunk.input, start, count);
      }
      for (int n = 0; n < chunk.images; n++) {
        weigh(chunk.kernelInput, to + n * grid.imageLength);
      }
    }
  }

  private void weigh(double[] line, int at) {
    for (int i = 0; i < grid.imageLength; i++) {
      line[at + i] *= inverseCount[i];
    }
  }

  /** Adds one channel's gradient of the kernel input, a line, to the input's; destroys the line. */
  void spreadAverage(GeneralChunk chunk, int c, double[] line) {
    int count = chunk.images * grid.imageLength;
    if (inverseCount != null) {
      for (int n = 0; n < chunk.images; n++) {
        weigh(line, grid.margin + n * grid.imageLength);
      }
    }
    for (int tap = 0; tap < grid.phases; tap++) {
      int target = (grid.averagePhase[tap] * shape.channels + c) * chunk.lineLength;
      int at = target + grid.margin + grid.averageOffset[tap];
      DoubleLines.addScaled(chunk.inputGradient, at, 1, line, grid.margin, count);
    }
  }

  /** Applies ReLU and max-pool to the output lines, records the winners and writes the result. */
  void storeOutput(GeneralScratch scratch, GeneralChunk chunk, HostBuffer output) {
    int size = shape.pooledHeight() * shape.pooledWidth();
    double[] lines = scratch.output;
    double[] image = scratch.image;
    for (int n = 0; n < chunk.images; n++) {
      for (int c = 0; c < shape.channels; c++) {
        int first = (n * shape.channels + c) * size;
        for (int i = 0; i < size; i++) {
          int at = position(chunk, n, c, i);
          int winner = shape.pool ? winner(lines, at) : 0;
          double value = lines[at + offset(winner)];
          // A value that is not a number passes.
          boolean dead = shape.relu && value <= 0;
          image[i] = dead ? 0 : value;
          chunk.winner[first + i] = dead ? GeneralChunk.DEAD : (byte) winner;
        }
        output.write(chunk.first * shape.channels * size + first, image, 0, size);
      }
    }
  }

  /** Reads the output's gradient into lines, zero wherever ReLU and max-pool block it. */
  void loadOutputGradient(HostBuffer epsilon, GeneralChunk chunk, GeneralScratch scratch) {
    int size = shape.pooledHeight() * shape.pooledWidth();
    double[] lines = scratch.output;
    double[] image = scratch.image;
    Arrays.fill(lines, 0);
    for (int n = 0; n < chunk.images; n++) {
      for (int c = 0; c < shape.channels; c++) {
        int first = (n * shape.channels + c) * size;
        epsilon.read(chunk.first * shape.channels * size + first, image, 0, size);
        for (int i = 0; i < size; i++) {
          byte winner = chunk.winner[first + i];
          if (winner != GeneralChunk.DEAD) {
            lines[position(chunk, n, c, i) + offset(winner)] = image[i];
          }
        }
      }
    }
  }

  private int position(GeneralChunk chunk, int n, int c, int i) {
    int window = shape.pool ? 2 : 1;
    int y = i / shape.pooledWidth() * window;
    int x = i % shape.pooledWidth() * window;
    return c * chunk.lineLength + grid.row(n, y) + x;
  }

  private int offset(int winner) {
    return (winner >> 1) * grid.pitch + (winner & 1);
  }

  /** The first of the largest in a 2x2 window; what is not a number is larger than any. */
  private int winner(double[] lines, int at) {
    int best = 0;
    for (int candidate = 1; candidate < 4; candidate++) {
      if (isLarger(lines[at + offset(candidate)], lines[at + offset(best)])) {
        best = candidate;
      }
    }
    return best;
  }

  private static boolean isLarger(double value, double than) {
    return value > than || (Double.isNaN(value) && !Double.isNaN(than));
  }
}
