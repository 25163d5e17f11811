package io.involution.layers.involution.rankone;

import io.involution.layers.involution.FloatImages;
import io.involution.layers.involution.InvolutionShape;
import io.involution.layers.involution.PaddedGrid;

/**
 * What {@link RankOneInvolution} keeps of one chunk of images from pass to pass: lines on the
 * {@link PaddedGrid}, zero outside the images.
 */
final class RankOneChunk {
  /** Number of its images. */
  final int images;

  /** The way to lines and back. */
  final FloatImages carrier;

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

  /** The chunk's sums for the parameters' gradients, laid out as the parameters. */
  final double[] gradient;

  RankOneChunk(InvolutionShape shape, PaddedGrid grid, int parameters, int images) {
    this.images = images;
    carrier = new FloatImages(shape, grid, images);
    plane = grid.plane(images);
    input = new float[shape.channels][plane];
    reduced = new float[plane];
    normGradient = new float[plane];
    inputGradient = shape.inputGradient ? new float[shape.channels][plane] : null;
    gradient = new double[parameters];
  }
}
