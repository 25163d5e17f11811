package io.involution.layers.convolution;

import io.involution.layers.array.NativeReals;

/** One thread's scratch memory and work: a micro-batch at a time. */
public interface ConvolutionScratch<A> extends AutoCloseable {
  /** The largest micro-batch that it has memory for. */
  int mostImages();

  /**
   * Computes the outputs of a micro-batch.
   *
   * @param input {@code [images, channels, height, width]} of the whole minibatch
   * @param output {@code [images, filters, finalHeight, finalWidth]} of the whole minibatch
   * @param winners receives which product each output came from, for the backward pass; null where
   *     there is none
   * @param batch the images
   */
  void forward(NativeReals<A> input, NativeReals<A> output, byte[] winners, MicroBatch batch);

  /**
   * Computes the gradients of a micro-batch; those of the input and the weights only where they are
   * needed.
   */
  void backward(
      ConvolutionPath.Backward<A> step,
      byte[] winners,
      ConvolutionSums.Chunk<A> sums,
      MicroBatch batch);

  /** Frees the memory. */
  @Override
  void close();
}
