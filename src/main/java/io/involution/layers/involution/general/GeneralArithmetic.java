package io.involution.layers.involution.general;

import io.involution.compute.DoubleLines;
import io.involution.layers.involution.BatchMoments;
import io.involution.layers.involution.BatchNorm;
import io.involution.layers.involution.InvolutionShape;
import io.involution.layers.involution.PaddedGrid;
import io.involution.layers.involution.ParameterOffsets;
import java.util.Arrays;

/**
 * The arithmetic of {@link GeneralInvolution} on one chunk, segment by segment. With k[t, g] = u[t,
 * g] + sum over r of v[t, g, r] * z[r], z the ReLU of the BatchNorm and G the output's gradient,
 * the gradient of k[t, g] is the sum over the group's channels of G * patch_t(X), and everything
 * else follows from it by the chain rule.
 */
final class GeneralArithmetic {
  private final InvolutionShape shape;
  private final PaddedGrid grid;
  private final ParameterOffsets offsets;
  private final double[] parameters;
  private final BatchNorm norm;

  GeneralArithmetic(
      InvolutionShape shape,
      PaddedGrid grid,
      ParameterOffsets offsets,
      double[] parameters,
      BatchNorm norm) {
    this.shape = shape;
    this.grid = grid;
    this.offsets = offsets;
    this.parameters = parameters;
    this.norm = norm;
  }

  /** First 1x1 convolution, without bias. */
  void reduce(GeneralChunk chunk) {
    Arrays.fill(chunk.reduced, 0);
    for (int r = 0; r < shape.reduced; r++) {
      for (int c = 0; c < shape.channels; c++) {
        double weight = parameters[offsets.reduceWeights + r * shape.channels + c];
        DoubleLines.addScaled(
            chunk.reduced,
            r * chunk.lineLength,
            weight,
            chunk.kernelInput,
            c * chunk.lineLength,
            chunk.lineLength);
      }
    }
  }

  void moments(GeneralChunk chunk, BatchMoments moments) {
    long count = (long) chunk.images * shape.outHeight * shape.outWidth;
    for (int r = 0; r < shape.reduced; r++) {
      // Outside the images the line is 0, so it adds nothing to the plain sum.
      double mean = DoubleLines.sum(chunk.reduced, r * chunk.lineLength, chunk.lineLength) / count;
      double square = 0;
      for (int n = 0; n < chunk.images; n++) {
        for (int y = 0; y < shape.outHeight; y++) {
          int start = r * chunk.lineLength + grid.row(n, y);
          for (int x = 0; x < shape.outWidth; x++) {
            double deviation = chunk.reduced[start + x] - mean;
            square += deviation * deviation;
          }
        }
      }
      moments.put(chunk.number, r, count, mean, square);
    }
  }

  /** The involution's output lines. */
  void output(GeneralChunk chunk, GeneralScratch scratch) {
    Arrays.fill(scratch.output, 0);
    int end = chunk.lineLength - grid.margin;
    for (int start = grid.margin; start < end; start += GeneralScratch.SEGMENT) {
      scratch.start = start;
      scratch.count = Math.min(GeneralScratch.SEGMENT, end - start);
      activate(chunk, scratch);
      for (int tap = 0; tap < shape.taps; tap++) {
        for (int group = 0; group < shape.groups; group++) {
          kernel(scratch, tap * shape.groups + group);
          for (int c = 0; c < shape.channels; c++) {
            if (shape.groupOf(c) == group) {
              DoubleLines.addProduct(
                  scratch.output,
                  c * chunk.lineLength + scratch.start,
                  scratch.kernel,
                  chunk.input,
                  patch(chunk, tap, c) + scratch.start,
                  scratch.count);
            }
          }
        }
      }
    }
  }

  private int patch(GeneralChunk chunk, int tap, int c) {
    return (grid.tapPhase[tap] * shape.channels + c) * chunk.lineLength + grid.tapOffset[tap];
  }

  private void activate(GeneralChunk chunk, GeneralScratch scratch) {
    for (int r = 0; r < shape.reduced; r++) {
      DoubleLines.normalize(
          scratch.activated,
          r * GeneralScratch.SEGMENT,
          norm.scale[r],
          norm.shift[r],
          chunk.reduced,
          r * chunk.lineLength + scratch.start,
          scratch.count);
    }
  }

  private void kernel(GeneralScratch scratch, int output) {
    Arrays.fill(scratch.kernel, 0, scratch.count, parameters[offsets.spanBias + output]);
    for (int r = 0; r < shape.reduced; r++) {
      double weight = parameters[offsets.spanWeights + output * shape.reduced + r];
      int at = r * GeneralScratch.SEGMENT;
      DoubleLines.addScaled(scratch.kernel, 0, weight, scratch.activated, at, scratch.count);
    }
  }

  /** One row of the kernel plane of one tap and group. */
  void kernelRow(GeneralChunk chunk, int start, int output, double[] row) {
    Arrays.fill(row, parameters[offsets.spanBias + output]);
    for (int r = 0; r < shape.reduced; r++) {
      double weight = parameters[offsets.spanWeights + output * shape.reduced + r];
      for (int x = 0; x < row.length; x++) {
        double value = chunk.reduced[r * chunk.lineLength + start + x];
        row[x] += weight * Math.max(0.0, norm.scale[r] * value + norm.shift[r]);
      }
    }
  }

  /**
   * Computes the BatchNorm's gradient from the output's gradient in the scratch, and the input's
   * gradient through the patches.
   */
  void kernelGradients(GeneralChunk chunk, GeneralScratch scratch, boolean inputWanted) {
    int end = chunk.lineLength - grid.margin;
    for (int start = grid.margin; start < end; start += GeneralScratch.SEGMENT) {
      scratch.start = start;
      scratch.count = Math.min(GeneralScratch.SEGMENT, end - start);
      activate(chunk, scratch);
      Arrays.fill(scratch.activatedGradient, 0);
      for (int tap = 0; tap < shape.taps; tap++) {
        for (int group = 0; group < shape.groups; group++) {
          kernelGradient(chunk, scratch, tap, group);
          spanGradients(chunk, scratch, tap * shape.groups + group);
          if (inputWanted) {
            kernel(scratch, tap * shape.groups + group);
            patchGradients(chunk, scratch, tap, group);
          }
        }
      }
      normGradients(chunk, scratch);
    }
  }

  private void kernelGradient(GeneralChunk chunk, GeneralScratch scratch, int tap, int group) {
    Arrays.fill(scratch.kernelGradient, 0);
    for (int c = 0; c < shape.channels; c++) {
      if (shape.groupOf(c) == group) {
        DoubleLines.addProduct(
            scratch.kernelGradient,
            scratch.output,
            c * chunk.lineLength + scratch.start,
            chunk.input,
            patch(chunk, tap, c) + scratch.start,
            scratch.count);
      }
    }
  }

  private void spanGradients(GeneralChunk chunk, GeneralScratch scratch, int output) {
    double[] of = scratch.kernelGradient;
    chunk.gradient[offsets.spanBias + output] += DoubleLines.sum(of, 0, scratch.count);
    for (int r = 0; r < shape.reduced; r++) {
      int weight = offsets.spanWeights + output * shape.reduced + r;
      int at = r * GeneralScratch.SEGMENT;
      chunk.gradient[weight] += DoubleLines.dot(scratch.activated, at, of, 0, scratch.count);
      DoubleLines.addScaled(
          scratch.activatedGradient, at, parameters[weight], of, 0, scratch.count);
    }
  }

  private void patchGradients(GeneralChunk chunk, GeneralScratch scratch, int tap, int group) {
    for (int c = 0; c < shape.channels; c++) {
      if (shape.groupOf(c) == group) {
        DoubleLines.addProduct(
            chunk.inputGradient,
            patch(chunk, tap, c) + scratch.start,
            scratch.kernel,
            scratch.output,
            c * chunk.lineLength + scratch.start,
            scratch.count);
      }
    }
  }

  private void normGradients(GeneralChunk chunk, GeneralScratch scratch) {
    for (int r = 0; r < shape.reduced; r++) {
      int line = r * chunk.lineLength + scratch.start;
      int at = r * GeneralScratch.SEGMENT;
      double sum = 0;
      double product = 0;
      for (int i = 0; i < scratch.count; i++) {
        double passed = scratch.activated[at + i] > 0 ? scratch.activatedGradient[at + i] : 0;
        chunk.normGradient[line + i] = passed;
        sum += passed;
        product += passed * (chunk.reduced[line + i] - norm.mean[r]);
      }
      chunk.gradient[offsets.beta + r] += sum;
      chunk.gradient[offsets.gamma + r] += product;
    }
  }

  /**
   * Converts the BatchNorm's gradient to the gradient of its input, and sums the gradient of the
   * reduction's weights.
   */
  void reduceGradients(GeneralChunk chunk, double[][] corrections) {
    for (int r = 0; r < shape.reduced; r++) {
      double constant = corrections[r][0];
      double slope = corrections[r][1];
      int line = r * chunk.lineLength;
      for (int i = line; i < line + chunk.lineLength; i++) {
        double deviation = chunk.reduced[i] - norm.mean[r];
        chunk.normGradient[i] =
            norm.scale[r] * (chunk.normGradient[i] - constant - slope * deviation);
      }
      for (int c = 0; c < shape.channels; c++) {
        // Outside the images the kernel input is 0, so the values there have no effect.
        chunk.gradient[offsets.reduceWeights + r * shape.channels + c] =
            DoubleLines.dot(
                chunk.normGradient,
                line,
                chunk.kernelInput,
                c * chunk.lineLength,
                chunk.lineLength);
      }
    }
  }

  /** One channel's gradient of the kernel input, as a line. */
  void kernelInputGradient(GeneralChunk chunk, int c, double[] line) {
    Arrays.fill(line, 0, chunk.lineLength, 0);
    for (int r = 0; r < shape.reduced; r++) {
      double weight = parameters[offsets.reduceWeights + r * shape.channels + c];
      DoubleLines.addScaled(
          line, 0, weight, chunk.normGradient, r * chunk.lineLength, chunk.lineLength);
    }
  }
}
