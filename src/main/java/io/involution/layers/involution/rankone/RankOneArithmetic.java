package io.involution.layers.involution.rankone;

import io.involution.layers.array.FloatLoops;
import io.involution.layers.array.FloatProducts;
import io.involution.layers.array.FloatSums;
import io.involution.layers.involution.BatchMoments;
import io.involution.layers.involution.BatchNorm;
import io.involution.layers.involution.InvolutionShape;
import io.involution.layers.involution.PaddedGrid;
import io.involution.layers.involution.ParameterOffsets;
import java.util.Arrays;

/**
 * The arithmetic of {@link RankOneInvolution} on one chunk, segment by segment. The kernel of tap t
 * is v[t] * z + u[t] with one plane z, the ReLU of the BatchNorm, for all taps and channels. With G
 * the output's gradient, the gradient of tap t's kernel is d[t] = sum over c of G[c] *
 * patch_t(X[c]) and the input's is, by way of the patches, the sum over t of v[t] * z * G + u[t] *
 * G, read at minus the tap's offset.
 */
final class RankOneArithmetic {
  private static final int SEGMENT = RankOneScratch.SEGMENT;

  private final float[] weights;
  private final float[] biases;
  private final float[] reduceWeights;
  private final InvolutionShape shape;
  private final PaddedGrid grid;
  private final ParameterOffsets offsets;
  private final BatchNorm norm;

  RankOneArithmetic(
      InvolutionShape shape, PaddedGrid grid, ParameterOffsets offsets, BatchNorm norm) {
    this.shape = shape;
    this.grid = grid;
    this.offsets = offsets;
    this.norm = norm;
    weights = new float[shape.taps];
    biases = new float[shape.taps];
    reduceWeights = new float[shape.channels];
  }

  void read(double[] parameters) {
    for (int tap = 0; tap < shape.taps; tap++) {
      weights[tap] = (float) parameters[offsets.spanWeights + tap];
      biases[tap] = (float) parameters[offsets.spanBias + tap];
    }
    for (int c = 0; c < shape.channels; c++) {
      reduceWeights[c] = (float) parameters[offsets.reduceWeights + c];
    }
  }

  /** First 1x1 convolution without bias, and its moments. */
  void reduce(RankOneChunk chunk, RankOneScratch scratch, BatchMoments moments) {
    double sum = 0;
    int end = chunk.lineLength - grid.margin;
    for (int start = grid.margin; start < end; start += SEGMENT) {
      int stop = Math.min(end, start + SEGMENT);
      FloatLoops.combine(chunk.reduced, reduceWeights, chunk.input, start, stop);
      sum += FloatSums.sum(chunk.reduced, start, stop);
    }
    long count = (long) chunk.images * shape.outHeight * shape.outWidth;
    double mean = sum / count;
    double square = 0;
    float[] centered = scratch.output[0];
    for (int start = grid.margin; start < end; start += SEGMENT) {
      int stop = Math.min(end, start + SEGMENT);
      FloatLoops.center(centered, chunk.reduced, (float) mean, scratch.inside, start, stop);
      square += FloatSums.dot(centered, centered, start, stop);
    }
    moments.put(chunk.number, 0, count, mean, square);
  }

  /** The involution's output lines. */
  void output(RankOneChunk chunk, RankOneScratch scratch) {
    int end = chunk.lineLength - grid.margin;
    for (int start = grid.margin; start < end; start += SEGMENT) {
      int count = Math.min(SEGMENT, end - start);
      scratch.start = start;
      scratch.count = count;
      activate(chunk, scratch);
      for (int c = 0; c < shape.channels; c++) {
        for (int tap = 0; tap < shape.taps; tap++) {
          int from = start + grid.tapOffset[tap];
          System.arraycopy(chunk.input[c], from, scratch.shifted[tap], 0, count);
        }
        multiplyAdd(scratch);
        System.arraycopy(scratch.result, 0, scratch.output[c], start, count);
      }
    }
  }

  private void multiplyAdd(RankOneScratch scratch) {
    float[] to = scratch.result;
    Arrays.fill(to, 0f);
    int tap = 0;
    for (; tap + 2 < shape.taps; tap += 3) {
      FloatLoops.addThreePatches(to, weights, biases, tap, scratch.activated, scratch.shifted);
    }
    for (; tap < shape.taps; tap++) {
      float[] plane = scratch.shifted[tap];
      FloatLoops.addPatch(to, weights[tap], biases[tap], scratch.activated, plane, SEGMENT);
    }
  }

  private void activate(RankOneChunk chunk, RankOneScratch scratch) {
    int count = scratch.count;
    System.arraycopy(chunk.reduced, scratch.start, scratch.reduced, 0, count);
    float scale = (float) norm.scale[0];
    FloatLoops.normalize(scratch.activated, scale, (float) norm.shift[0], scratch.reduced, count);
  }

  /**
   * Computes the BatchNorm's gradient from the output's gradient in the scratch, and the span's
   * sums.
   */
  void kernelGradients(RankOneChunk chunk, RankOneScratch scratch) {
    Arrays.fill(chunk.gradient, 0);
    for (int tap = 0; tap < shape.taps; tap++) {
      Arrays.fill(scratch.biasSums[tap], 0f);
      Arrays.fill(scratch.weightSums[tap], 0f);
    }
    int end = chunk.lineLength - grid.margin;
    for (int start = grid.margin; start < end; start += SEGMENT) {
      int count = Math.min(SEGMENT, end - start);
      scratch.start = start;
      scratch.count = count;
      activate(chunk, scratch);
      for (int c = 0; c < shape.channels; c++) {
        System.arraycopy(scratch.output[c], start, scratch.outputSegment[c], 0, count);
      }
      for (int tap = 0; tap < shape.taps; tap++) {
        kernelGradient(chunk, scratch, tap);
      }
      normGradient(chunk, scratch);
      if (shape.inputGradient) {
        weigh(scratch);
      }
    }
    for (int tap = 0; tap < shape.taps; tap++) {
      chunk.gradient[offsets.spanBias + tap] = FloatSums.sum(scratch.biasSums[tap], 0, SEGMENT);
      chunk.gradient[offsets.spanWeights + tap] =
          FloatSums.sum(scratch.weightSums[tap], 0, SEGMENT);
    }
  }

  private void kernelGradient(RankOneChunk chunk, RankOneScratch scratch, int tap) {
    int count = scratch.count;
    int from = scratch.start + grid.tapOffset[tap];
    for (int c = 0; c < shape.channels; c++) {
      System.arraycopy(chunk.input[c], from, scratch.patch[c], 0, count);
    }
    float[] kernel = scratch.shifted[tap];
    if (shape.channels == 3) {
      FloatProducts.set(kernel, scratch.outputSegment, scratch.patch, 3, 0, count);
    } else {
      FloatLoops.product(kernel, scratch.outputSegment[0], scratch.patch[0], count);
      for (int c = 1; c < shape.channels; c++) {
        FloatLoops.addProduct(kernel, scratch.outputSegment[c], scratch.patch[c], count);
      }
    }
    FloatLoops.gather(
        scratch.biasSums[tap], scratch.weightSums[tap], kernel, scratch.activated, count);
  }

  private void normGradient(RankOneChunk chunk, RankOneScratch scratch) {
    int start = scratch.start;
    int count = scratch.count;
    float[] gradient = scratch.activatedGradient;
    Arrays.fill(gradient, 0f);
    FloatLoops.addAll(gradient, weights, scratch.shifted, count);
    FloatLoops.cut(gradient, scratch.activated, count);
    System.arraycopy(gradient, 0, chunk.normGradient, start, count);
    double sum = FloatSums.sum(gradient, 0, count);
    System.arraycopy(scratch.inside, start, scratch.result, 0, count);
    float[] deviation = scratch.reduced;
    FloatLoops.center(deviation, deviation, (float) norm.mean[0], scratch.result, 0, count);
    chunk.gradient[offsets.beta] += sum;
    chunk.gradient[offsets.gamma] += FloatSums.dot(gradient, deviation, 0, count);
  }

  private void weigh(RankOneScratch scratch) {
    int count = scratch.count;
    for (int c = 0; c < shape.channels; c++) {
      FloatLoops.product(scratch.result, scratch.outputSegment[c], scratch.activated, count);
      System.arraycopy(scratch.result, 0, scratch.weighted[c], scratch.start, count);
    }
  }

  /** Computes the input's gradient through the patches. */
  void patchGradients(RankOneChunk chunk, RankOneScratch scratch) {
    int end = chunk.lineLength - grid.margin;
    for (float[] line : scratch.weighted) {
      Arrays.fill(line, end, line.length, 0f);
    }
    for (int start = grid.margin; start < end; start += SEGMENT) {
      int count = Math.min(SEGMENT, end - start);
      for (int c = 0; c < shape.channels; c++) {
        for (int tap = 0; tap < shape.taps; tap++) {
          int from = start - grid.tapOffset[tap];
          System.arraycopy(scratch.output[c], from, scratch.shifted[tap], 0, count);
          System.arraycopy(scratch.weighted[c], from, scratch.shiftedWeighted[tap], 0, count);
        }
        Arrays.fill(scratch.result, 0f);
        FloatLoops.addAll(scratch.result, biases, scratch.shifted, count);
        FloatLoops.addAll(scratch.result, weights, scratch.shiftedWeighted, count);
        System.arraycopy(scratch.result, 0, chunk.inputGradient[c], start, count);
      }
    }
  }

  /**
   * Converts the BatchNorm's gradient to the gradient of its input, and propagates it to weights
   * and input.
   */
  void reduceGradients(RankOneChunk chunk, double[] correction) {
    float[] coefficients = norm.coefficients(0, correction);
    int end = chunk.lineLength - grid.margin;
    for (int start = grid.margin; start < end; start += SEGMENT) {
      int stop = Math.min(end, start + SEGMENT);
      FloatLoops.normGradient(chunk.normGradient, chunk.reduced, coefficients, start, stop);
      // Outside the images the input is 0, so the values in the other line have no effect.
      FloatSums.addDots(
          chunk.gradient, offsets.reduceWeights, chunk.normGradient, chunk.input, start, stop);
      for (int c = 0; shape.inputGradient && c < shape.channels; c++) {
        float weight = reduceWeights[c];
        FloatLoops.addScaled(chunk.inputGradient[c], weight, chunk.normGradient, start, stop);
      }
    }
  }
}
