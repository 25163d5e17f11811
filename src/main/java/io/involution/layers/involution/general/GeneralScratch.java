package io.involution.layers.involution.general;

import io.involution.layers.involution.InvolutionShape;

/** Memory of one thread of {@link GeneralInvolution}, reused from chunk to chunk. */
final class GeneralScratch {
  /** Number of positions that are processed at a time, so that they stay in the L1 cache. */
  static final int SEGMENT = 256;

  /** First position of the current segment. */
  int start;

  /** Number of positions in that segment. */
  int count;

  /** One channel of one image. */
  final double[] image;

  /** [C] lines: the involution's output, or its gradient. */
  final double[] output;

  /** ReLU of the BatchNorm, [R] segments. */
  final double[] activated;

  /** Gradient of {@link #activated}, [R] segments. */
  final double[] activatedGradient;

  /** Kernel of one tap and group, a segment. */
  final double[] kernel = new double[SEGMENT];

  /** Gradient of {@link #kernel}. */
  final double[] kernelGradient = new double[SEGMENT];

  GeneralScratch(InvolutionShape shape, int lineLength) {
    image = new double[shape.height * shape.width];
    output = new double[shape.channels * lineLength];
    activated = new double[shape.reduced * SEGMENT];
    activatedGradient = new double[shape.reduced * SEGMENT];
  }
}
