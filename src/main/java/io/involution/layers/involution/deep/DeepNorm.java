package io.involution.layers.involution.deep;

import io.involution.layers.array.FloatLoops;
import io.involution.layers.array.FloatSums;
import io.involution.layers.involution.BatchMoments;
import io.involution.layers.involution.BatchNorm;
import io.involution.layers.involution.InvolutionShape;
import io.involution.layers.involution.ParameterOffsets;
import java.util.Arrays;

/**
 * What {@link DeepInvolution} computes between its two 1x1 convolutions, position by position: the
 * BatchNorm and its ReLU, forward and backward.
 */
final class DeepNorm {
  private final InvolutionShape shape;
  private final ParameterOffsets offsets;
  private final BatchNorm norm;

  DeepNorm(InvolutionShape shape, ParameterOffsets offsets, BatchNorm norm) {
    this.shape = shape;
    this.offsets = offsets;
    this.norm = norm;
  }

  /** Mean and squared deviations of the reduced channels. */
  void moments(DeepChunk chunk, DeepScratch scratch, BatchMoments moments) {
    long count = (long) chunk.images * shape.height * shape.width;
    float[] sums = scratch.sums[0];
    for (int r = 0; r < shape.reduced; r++) {
      // Position by position over the micro-batches: a sum within a line is not vectorized.
      Arrays.fill(sums, 0f);
      for (MicroBatch part : chunk.parts) {
        FloatLoops.addScaled(sums, 1f, part.reduced[r], 0, part.positions);
      }
      double mean = FloatSums.sum(sums, 0, sums.length) / count;
      Arrays.fill(sums, 0f);
      for (MicroBatch part : chunk.parts) {
        // The gradient's memory is not needed yet.
        float[] centered = part.normGradient[r];
        FloatLoops.subtract(centered, part.reduced[r], (float) mean, 0, part.positions);
        FloatLoops.addProduct(sums, centered, centered, part.positions);
      }
      moments.put(chunk.number, r, count, mean, FloatSums.sum(sums, 0, sums.length));
    }
  }

  /** Writes BatchNorm and ReLU to the scratch. */
  void activate(MicroBatch part, DeepScratch scratch) {
    float[] activated = scratch.row;
    for (int r = 0; r < shape.reduced; r++) {
      float scale = (float) norm.scale[r];
      float shift = (float) norm.shift[r];
      FloatLoops.normalize(activated, scale, shift, part.reduced[r], part.positions);
      scratch.activated.put(r * scratch.pitch, activated, 0, part.positions);
    }
  }

  /** Takes the ReLU's gradient from the scratch. */
  void gradients(MicroBatch part, DeepScratch scratch) {
    float[] activated = scratch.row;
    for (int r = 0; r < shape.reduced; r++) {
      float[] gradient = part.normGradient[r];
      scratch.activated.get(r * scratch.pitch, activated, 0, part.positions);
      scratch.activatedGradient.get(r * scratch.pitch, gradient, 0, part.positions);
      FloatLoops.cut(gradient, activated, part.positions);
    }
  }

  /** The sums over a chunk for gamma and beta. */
  void sums(DeepChunk chunk, DeepScratch scratch) {
    float[] deviation = scratch.row;
    float[] sums = scratch.sums[0];
    float[] products = scratch.sums[1];
    for (int r = 0; r < shape.reduced; r++) {
      Arrays.fill(sums, 0f);
      Arrays.fill(products, 0f);
      for (MicroBatch part : chunk.parts) {
        FloatLoops.subtract(deviation, part.reduced[r], (float) norm.mean[r], 0, part.positions);
        FloatLoops.gather(sums, products, part.normGradient[r], deviation, part.positions);
      }
      chunk.gradient[offsets.beta + r] = FloatSums.sum(sums, 0, sums.length);
      chunk.gradient[offsets.gamma + r] = FloatSums.sum(products, 0, products.length);
    }
  }

  /** Converts the gradient of the BatchNorm's output to the gradient of its input. */
  void reduceGradients(DeepChunk chunk, double[][] corrections) {
    for (int r = 0; r < shape.reduced; r++) {
      float[] coefficients = norm.coefficients(r, corrections[r]);
      for (MicroBatch part : chunk.parts) {
        FloatLoops.normGradient(
            part.normGradient[r], part.reduced[r], coefficients, 0, part.positions);
      }
    }
  }
}
