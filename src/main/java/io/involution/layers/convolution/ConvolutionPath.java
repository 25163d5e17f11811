package io.involution.layers.convolution;

import io.involution.layers.array.NativeReals;

/**
 * A way to compute a convolution block on the CPU. It holds all scratch memory, so that a step
 * allocates nothing, and uses the threads of {@link io.involution.compute.ImageChunks}; the bits
 * depend on sizes only.
 */
public interface ConvolutionPath<A> extends AutoCloseable {
  /** Receives a step's parameters, in the layer's order; no biases where the layer has none. */
  void load(NativeReals<A> weights, NativeReals<A> biases);

  /**
   * Computes the outputs of a minibatch.
   *
   * @param input {@code [images, channels, height, width]}
   * @param output {@code [images, filters, finalHeight, finalWidth]}
   * @param winners receives which product each output came from, for the backward pass; null where
   *     there is none
   * @param images number of images
   */
  void forward(NativeReals<A> input, NativeReals<A> output, byte[] winners, int images);

  /**
   * Computes the gradients of the last minibatch; those of the input and the weights only where
   * they are needed.
   */
  void backward(Backward<A> step, byte[] winners, int images);

  /** Writes the weights' gradients of the last backward pass in the layer's order. */
  void writeWeightGradients(NativeReals<A> gradients);

  /** Writes the biases' gradients of the last backward pass. */
  void writeBiasGradients(NativeReals<A> gradients);

  /** Number of winner marks for a number of images, where a ReLU or a pool follows. */
  int winners(int images);

  /**
   * Elements outside the heap that a minibatch takes at least, on one thread: the sums of weight
   * gradients, and what else is not small.
   */
  long nativeLength(int images);

  /** Frees the memory. */
  @Override
  void close();

  /**
   * What a backward pass reads and writes.
   *
   * @param input images of the whole minibatch
   * @param outputGradients gradients of the block's outputs
   * @param inputGradients receives the input's gradients; null if not needed
   * @param weights whether the weights' gradients are needed
   * @param biases whether those of the biases are
   */
  record Backward<A>(
      NativeReals<A> input,
      NativeReals<A> outputGradients,
      NativeReals<A> inputGradients,
      boolean weights,
      boolean biases) {}
}
