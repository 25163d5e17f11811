package io.involution.layers.involution.rankone;

import io.involution.compute.ImageChunk;
import io.involution.layers.involution.FloatImages;
import io.involution.layers.involution.InvolutionChunk;
import io.involution.layers.involution.InvolutionShape;
import io.involution.layers.involution.PaddedGrid;

/**
 * What {@link RankOneInvolution} keeps for one chunk of images between passes: lines on the {@link
 * PaddedGrid}, zero outside the images.
 */
final class RankOneChunk extends InvolutionChunk {
  /** Copies images to lines and back. */
  final FloatImages carrier;

  /** Length of a line. */
  final int lineLength;

  /** Input, [C] lines. */
  final float[][] input;

  /** First 1x1 convolution, without bias. */
  final float[] reduced;

  /** Gradient of the BatchNorm's output, later of its input. */
  final float[] normGradient;

  /** Gradient of the input, [C] lines; null when it is not needed. */
  final float[][] inputGradient;

  RankOneChunk(InvolutionShape shape, PaddedGrid grid, ImageChunk chunk) {
    super(chunk, shape.offsets());
    carrier = new FloatImages(shape, grid, chunk);
    lineLength = grid.lineLength(images);
    input = new float[shape.channels][lineLength];
    reduced = new float[lineLength];
    normGradient = new float[lineLength];
    inputGradient = shape.inputGradient ? new float[shape.channels][lineLength] : null;
  }
}
