package io.involution.layers.involution.general;

import io.involution.compute.ImageChunk;
import io.involution.layers.involution.InvolutionChunk;
import io.involution.layers.involution.InvolutionShape;
import io.involution.layers.involution.PaddedGrid;
import java.util.Arrays;

/**
 * What {@link GeneralInvolution} keeps for one chunk of images between passes: lines on the {@link
 * PaddedGrid}, zero outside the images.
 */
final class GeneralChunk extends InvolutionChunk {
  /** Length of a line. */
  final int lineLength;

  /** Input, [phase][C] lines. */
  final double[] input;

  /** Kernel input, [C] lines: the averaged input, or the input itself when the stride is 1. */
  final double[] kernelInput;

  /** First 1x1 convolution without bias, [R] lines. */
  final double[] reduced;

  /** Gradient of the BatchNorm's output, [R] lines. */
  final double[] normGradient;

  /** Gradient of the input, [phase][C] lines. */
  final double[] inputGradient;

  /** Which pixel of its 2x2 window an output is, {@link #DEAD} where the ReLU cut it off. */
  final byte[] winner;

  static final byte DEAD = 4;

  GeneralChunk(InvolutionShape shape, PaddedGrid grid, ImageChunk chunk) {
    super(chunk, shape.offsets());
    lineLength = grid.lineLength(images);
    input = new double[grid.phases * shape.channels * lineLength];
    kernelInput = shape.stride == 1 ? input : new double[shape.channels * lineLength];
    reduced = new double[shape.reduced * lineLength];
    normGradient = new double[shape.reduced * lineLength];
    inputGradient = new double[input.length];
    winner = new byte[images * shape.channels * shape.pooledHeight() * shape.pooledWidth()];
  }

  void clearGradients() {
    Arrays.fill(normGradient, 0);
    Arrays.fill(inputGradient, 0);
    Arrays.fill(gradient, 0);
  }
}
