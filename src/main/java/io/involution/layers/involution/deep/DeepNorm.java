package io.involution.layers.involution.deep;

import io.involution.layers.array.FloatLoops;
import io.involution.layers.array.FloatSums;
import io.involution.layers.involution.BatchMoments;
import io.involution.layers.involution.BatchNorm;
import io.involution.layers.involution.InvolutionShape;
import io.involution.layers.involution.ParameterOffsets;

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
  void moments(DeepChunk chunk, BatchMoments moments) {
    long count = (long) chunk.images * shape.height * shape.width;
    for (int r = 0; r < shape.reduced; r++) {
      double sum = 0;
      for (MicroBatch part : chunk.parts) {
        sum += FloatSums.sum(part.reduced[r], 0, part.positions);
      }
      double mean = sum / count;
      double square = 0;
      for (MicroBatch part : chunk.parts) {
        // The gradient's memory is not needed yet.
        float[] centered = part.normGradient[r];
        FloatLoops.subtract(centered, part.reduced[r], (float) mean, 0, part.positions);
        square += FloatSums.dot(centered, centered, 0, part.positions);
      }
      moments.put(chunk.number, r, count, mean, square);
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
    for (int r = 0; r < shape.reduced; r++) {
      double sum = 0;
      double product = 0;
      for (MicroBatch part : chunk.parts) {
        float[] gradient = part.normGradient[r];
        FloatLoops.subtract(deviation, part.reduced[r], (float) norm.mean[r], 0, part.positions);
        sum += FloatSums.sum(gradient, 0, part.positions);
        product += FloatSums.dot(gradient, deviation, 0, part.positions);
      }
      chunk.gradient[offsets.beta + r] = sum;
      chunk.gradient[offsets.gamma + r] = product;
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
