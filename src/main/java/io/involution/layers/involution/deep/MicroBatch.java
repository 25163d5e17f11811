package io.involution.layers.involution.deep;

import io.involution.compute.ImageChunk;
import io.involution.layers.involution.FloatImages;
import io.involution.layers.involution.InvolutionShape;

/** What {@link DeepInvolution} keeps for one micro-batch between passes. */
final class MicroBatch {
  /** Its first image in the minibatch. */
  final int first;

  final int images;

  /** Positions of its images. */
  final int positions;

  /** Copies images to lines and back. */
  final FloatImages carrier;

  /** First 1x1 convolution without bias, [R] lines without margins. */
  final float[][] reduced;

  /** Gradient of the BatchNorm's output, later of its input, [R] lines. */
  final float[][] normGradient;

  MicroBatch(InvolutionShape shape, MicroBatches layout, ImageChunk part) {
    first = part.from();
    images = part.images();
    positions = images * shape.height * shape.width;
    carrier = new FloatImages(shape, layout, part);
    reduced = new float[shape.reduced][positions];
    normGradient = new float[shape.reduced][positions];
  }
}
