package io.involution.layers.involution.rankone;

import io.involution.layers.involution.InvolutionShape;
import io.involution.layers.involution.PaddedGrid;
import java.util.Arrays;

/** Memory of one thread of {@link RankOneInvolution}, reused from chunk to chunk. */
final class RankOneScratch {
  /** Positions that are worked on at a time, so that they stay in the first-level cache. */
  static final int TILE = 512;

  /** First position of the tile being worked on. */
  int start;

  /** Positions of that tile. */
  int count;

  /** All channels of one image. */
  final float[] image;

  /** The involution's output, or its gradient, [C] lines. */
  final float[][] output;

  /** Output's gradient times {@link #activated}, [C] lines. */
  final float[][] weighted;

  /** 1 inside the images, 0 outside, a line. */
  final float[] inside;

  /** Tiles: BatchNorm's input, its ReLU, and that one's gradient. */
  final float[] reduced = new float[TILE];

  final float[] activated = new float[TILE];
  final float[] activatedGradient = new float[TILE];

  /** A tile of a result, on the way to its line. */
  final float[] result = new float[TILE];

  /** [K*K] tiles of shifted input, output gradient or kernel gradient. */
  final float[][] shifted;

  /** [K*K] tiles of the shifted, weighted gradient. */
  final float[][] shiftedWeighted;

  /** [C] tiles of one tap's patch, and of the output's gradient. */
  final float[][] patch;

  final float[][] outputTile;

  /** [K*K] tiles whose sums are the gradients of the span's bias and weights. */
  final float[][] biasSums;

  final float[][] weightSums;

  RankOneScratch(InvolutionShape shape, PaddedGrid grid, int images) {
    int plane = grid.plane(images);
    image = new float[shape.channels * shape.height * shape.width];
    output = new float[shape.channels][plane];
    weighted = shape.inputGradient ? new float[shape.channels][plane] : null;
    shifted = new float[shape.taps][TILE];
    shiftedWeighted = new float[shape.taps][TILE];
    patch = new float[shape.channels][TILE];
    outputTile = new float[shape.channels][TILE];
    biasSums = new float[shape.taps][TILE];
    weightSums = new float[shape.taps][TILE];
    inside = new float[plane];
    for (int n = 0; n < images; n++) {
      for (int y = 0; y < shape.outHeight; y++) {
        int row = grid.row(n, y);
        Arrays.fill(inside, row, row + shape.outWidth, 1f);
      }
    }
  }
}
