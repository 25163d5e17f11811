package io.involution.layers.involution.grouped;

import io.involution.compute.ImageChunk;
import io.involution.layers.involution.FloatImages;
import io.involution.layers.involution.InvolutionChunk;
import io.involution.layers.involution.InvolutionShape;

/**
 * What {@link GroupedInvolution} keeps for one chunk of images between passes: the reduced
 * channels, whose lines are [images, H, W] without gaps, and where the outputs come from.
 */
final class GroupedChunk extends InvolutionChunk {
  /** Copies images to lines and back. */
  final FloatImages carrier;

  /** First 1x1 convolution without bias, [R] lines. */
  final float[][] reduced;

  /** Gradient of the BatchNorm's output, later of its input, [R] lines. */
  final float[][] normGradient;

  GroupedChunk(InvolutionShape shape, ImageRows rows, ImageChunk chunk) {
    super(chunk, shape.offsets());
    carrier = new FloatImages(shape, rows, chunk);
    int positions = images * shape.height * shape.width;
    reduced = new float[shape.reduced][positions];
    normGradient = new float[shape.reduced][positions];
  }
}
