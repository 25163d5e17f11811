package io.involution.layers.involution;

import io.involution.compute.ImageChunk;

/** What a path on the CPU keeps of one chunk of images from pass to pass. */
public abstract class InvolutionChunk {
  /** Which chunk. */
  public final int number;

  /** Its first image. */
  public final int first;

  /** How many images it has. */
  public final int images;

  /** The chunk's sums for the parameters' gradients, laid out as the parameters. */
  public final double[] gradient;

  /** One of a minibatch's chunks, for a layer whose parameters are at some offsets. */
  protected InvolutionChunk(ImageChunk chunk, ParameterOffsets offsets) {
    number = chunk.number();
    first = chunk.from();
    images = chunk.images();
    gradient = new double[offsets.length];
  }
}
