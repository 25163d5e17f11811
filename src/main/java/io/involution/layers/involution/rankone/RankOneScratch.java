package io.involution.layers.involution.rankone;

import io.involution.layers.involution.InvolutionShape;
import io.involution.layers.involution.PaddedGrid;
import java.util.Arrays;

/** Memory of one thread of {@link RankOneInvolution}, reused from chunk to chunk. */
final class RankOneScratch {
  /** Number of positions that are processed at a time, so that they stay in the L1 cache. */
  static final int SEGMENT = 512;

  /** First position of the current segment. */
  int start;

  /** Number of positions in that segment. */
  int count;

  /** All channels of one image. */
  final float[] image;

  /** The involution's output, or its gradient, [C] lines. */
  final float[][] output;

  /** Output's gradient times {@link #activated}, [C] lines. */
  final float[][] weighted;

  /** 1 inside the images, 0 outside, a line. */
  final float[] inside;

  /** Segments: BatchNorm's input, its ReLU, and that one's gradient. */
  final float[] reduced = new float[SEGMENT];

  final float[] activated = new float[SEGMENT];
  final float[] activatedGradient = new float[SEGMENT];

  /** A segment of a result, before it is copied to its line. */
  final float[] result = new float[SEGMENT];

  /** [K*K] segments of shifted input, output gradient or kernel gradient. */
  final float[][] shifted;

  /** [K*K] segments of the shifted, weighted gradient. */
  final float[][] shiftedWeighted;

  /** [C] segments of one tap's patch, and of the output's gradient. */
  final float[][] patch;

  final float[][] outputSegment;

  /** [K*K] segments whose sums are the gradients of the span's bias and weights. */
  final float[][] biasSums;

  final float[][] weightSums;

  RankOneScratch(InvolutionShape shape, PaddedGrid grid, int images) {
    int lineLength = grid.lineLength(images);
    image = new float[shape.channels * shape.height * shape.width];
    output = new float[shape.channels][lineLength];
    weighted = shape.inputGradient ? new float[shape.channels][lineLength] : null;
    shifted = new float[shape.taps][SEGMENT];
    shiftedWeighted = new float[shape.taps][SEGMENT];
    patch = new float[shape.channels][SEGMENT];
    outputSegment = new float[shape.channels][SEGMENT];
    biasSums = new float[shape.taps][SEGMENT];
    weightSums = new float[shape.taps][SEGMENT];
    inside = new float[lineLength];
    for (int n = 0; n < images; n++) {
      for (int y = 0; y < shape.outHeight; y++) {
        int row = grid.row(n, y);
        Arrays.fill(inside, row, row + shape.outWidth, 1f);
      }
    }
  }
}
