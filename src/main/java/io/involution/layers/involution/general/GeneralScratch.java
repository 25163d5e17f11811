package io.involution.layers.involution.general;

import io.involution.layers.involution.InvolutionShape;

/** Memory of one thread of {@link GeneralInvolution}, reused from chunk to chunk. */
final class GeneralScratch {
  /** Positions that are worked on at a time, so that they stay in the first-level cache. */
  static final int TILE = 256;

  /** First position of the tile being worked on. */
  int start;

  /** Positions of that tile. */
  int count;

  /** One channel of one image. */
  final double[] image;

  /** [C] lines: the involution's output, or its gradient. */
  final double[] output;

  /** ReLU of the BatchNorm, [R] tiles. */
  final double[] activated;

  /** Gradient of {@link #activated}, [R] tiles. */
  final double[] activatedGradient;

  /** Kernel of one tap and group, a tile. */
  final double[] kernel = new double[TILE];

  /** Gradient of {@link #kernel}. */
  final double[] kernelGradient = new double[TILE];

  GeneralScratch(InvolutionShape shape, int plane) {
    image = new double[shape.height * shape.width];
    output = new double[shape.channels * plane];
    activated = new double[shape.reduced * TILE];
    activatedGradient = new double[shape.reduced * TILE];
  }
}
