package io.involution.layers.involution;

import io.involution.compute.ImageChunk;

/** What a path on the CPU keeps for one chunk of images between passes. */
public abstract class InvolutionChunk {
  /** The chunk's index. */
  public final int number;

  /** Its first image. */
  public final int first;

  /** The number of its images. */
  public final int images;

  /** The chunk's sums for the gradients of the parameters, in the layout of the parameters. */
  public final double[] gradient;

  /** A chunk of a minibatch, for a layer with the given parameter offsets. */
  protected InvolutionChunk(ImageChunk chunk, ParameterOffsets offsets) {
    number = chunk.number();
    first = chunk.from();
    images = chunk.images();
    gradient = new double[offsets.length];
  }
}
