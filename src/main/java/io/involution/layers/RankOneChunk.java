package io.involution.layers;

/**
 * What {@link RankOneInvolution} keeps of one chunk of images from pass to pass: lines on the
 * {@link PaddedGrid}, zero outside the images.
 */
final class RankOneChunk {
  /** Place of an output that the ReLU cut off: in the margin, where nobody looks. */
  static final int DEAD = 0;

  final int images;

  /** Length of a line. */
  final int plane;

  /** Input, [C] lines. */
  final float[][] input;

  /** First 1x1 convolution, without bias. */
  final float[] reduced;

  /** Gradient of the BatchNorm's output, later of its input. */
  final float[] normGradient;

  /** Gradient of the input, [C] lines; null when nobody wants it. */
  final float[][] inputGradient;

  /** Where in its channel's line each output comes from, or {@link #DEAD}. */
  final int[] places;

  /** The chunk's sums for the parameters' gradients, laid out as the parameters. */
  final double[] gradient;

  RankOneChunk(InvolutionShape shape, PaddedGrid grid, int parameters, int images) {
    this.images = images;
    plane = grid.plane(images);
    input = new float[shape.channels][plane];
    reduced = new float[plane];
    normGradient = new float[plane];
    inputGradient = shape.inputGradient ? new float[shape.channels][plane] : null;
    places = new int[images * shape.channels * shape.pooledHeight() * shape.pooledWidth()];
    gradient = new double[parameters];
  }
}
