package io.involution.layers.involution.grouped;

import io.involution.layers.array.FloatLoops;
import io.involution.layers.array.FloatSums;
import io.involution.layers.involution.BatchMoments;
import io.involution.layers.involution.BatchNorm;
import io.involution.layers.involution.InvolutionShape;
import io.involution.layers.involution.ParameterOffsets;

/**
 * What {@link GroupedInvolution} computes between its two 1x1 convolutions, position by position:
 * the BatchNorm and its ReLU, forward and backward, and the copies between the lines of a chunk,
 * which have no gaps, and rows that span all images.
 */
final class GroupedNorm {
  private final InvolutionShape shape;
  private final ParameterOffsets offsets;
  private final BatchNorm norm;
  private final int size;
  private ImageRows rows;

  GroupedNorm(InvolutionShape shape, ParameterOffsets offsets, BatchNorm norm) {
    this.shape = shape;
    this.offsets = offsets;
    this.norm = norm;
    size = shape.height * shape.width;
  }

  /** Sets how the images are laid out in rows. */
  void use(ImageRows layout) {
    rows = layout;
  }

  /** Mean and squared deviations of the reduced channels. */
  void moments(GroupedChunk chunk, BatchMoments moments) {
    int count = chunk.images * size;
    for (int r = 0; r < shape.reduced; r++) {
      double sum = 0;
      for (int start = 0; start < count; start += size) {
        sum += FloatSums.sum(chunk.reduced[r], start, start + size);
      }
      double mean = sum / count;
      // The gradient's memory is not needed yet.
      float[] centered = chunk.normGradient[r];
      FloatLoops.subtract(centered, chunk.reduced[r], (float) mean, 0, count);
      double square = 0;
      for (int start = 0; start < count; start += size) {
        square += FloatSums.dot(centered, centered, start, start + size);
      }
      moments.put(chunk.number, r, count, mean, square);
    }
  }

  /** Writes BatchNorm and ReLU to the scratch's rows. */
  void activate(GroupedChunk chunk, GroupedScratch scratch) {
    float[] reduced = scratch.reducedRow;
    float[] activated = scratch.spare[1];
    for (int r = 0; r < shape.reduced; r++) {
      float scale = (float) norm.scale[r];
      float shift = (float) norm.shift[r];
      for (int y = 0; y < shape.height; y++) {
        for (int n = 0; n < chunk.images; n++) {
          int from = n * size + y * shape.width;
          System.arraycopy(chunk.reduced[r], from, reduced, rows.column(n), shape.width);
        }
        FloatLoops.normalize(activated, scale, shift, reduced, rows.length);
        scratch.activated.put(activated(y, r), activated, 0, rows.length);
      }
    }
  }

  private int activated(int y, int r) {
    return (y * (shape.reduced + 1) + r) * rows.length;
  }

  /** Computes the ReLU's gradient from the scratch's rows, and the sums for gamma and beta. */
  void gradients(GroupedChunk chunk, GroupedScratch scratch) {
    float[] activated = scratch.spare[0];
    float[] gradient = scratch.spare[1];
    for (int r = 0; r < shape.reduced; r++) {
      for (int y = 0; y < shape.height; y++) {
        int at = (y * shape.reduced + r) * rows.length;
        scratch.activated.get(activated(y, r), activated, 0, rows.length);
        scratch.activatedGradient.get(at, gradient, 0, rows.length);
        FloatLoops.cut(gradient, activated, rows.length);
        for (int n = 0; n < chunk.images; n++) {
          int to = n * size + y * shape.width;
          System.arraycopy(gradient, rows.column(n), chunk.normGradient[r], to, shape.width);
        }
      }
      sum(chunk, r, scratch);
    }
  }

  private void sum(GroupedChunk chunk, int r, GroupedScratch scratch) {
    double sum = 0;
    double product = 0;
    float[] gradient = scratch.plane[0];
    float[] deviation = scratch.plane[1];
    for (int start = 0; start < chunk.images * size; start += size) {
      System.arraycopy(chunk.normGradient[r], start, gradient, 0, size);
      System.arraycopy(chunk.reduced[r], start, deviation, 0, size);
      FloatLoops.subtract(deviation, deviation, (float) norm.mean[r], 0, size);
      sum += FloatSums.sum(gradient, 0, size);
      product += FloatSums.dot(gradient, deviation, 0, size);
    }
    chunk.gradient[offsets.beta + r] = sum;
    chunk.gradient[offsets.gamma + r] = product;
  }

  /** Converts the gradient of the BatchNorm's output to the gradient of its input. */
  void reduceGradients(GroupedChunk chunk, double[][] corrections) {
    for (int r = 0; r < shape.reduced; r++) {
      float[] coefficients = norm.coefficients(r, corrections[r]);
      int count = chunk.images * size;
      FloatLoops.normGradient(chunk.normGradient[r], chunk.reduced[r], coefficients, 0, count);
    }
  }
}
