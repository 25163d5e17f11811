package io.involution.layers.convolution;

import io.involution.compute.ImageChunks;
import io.involution.layers.array.NativeReals;

/**
 * A way to compute a convolution block on the CPU: the layout of weights, patches and sums, and the
 * matrix products that combine them.
 */
public interface ConvolutionPath<A> extends AutoCloseable {
  /** Receives a step's parameters, in the layer's order; no biases where the layer has none. */
  void load(NativeReals<A> weights, NativeReals<A> biases);

  /** Number of chunks that the images of a minibatch are divided into. */
  default int chunks(int images) {
    return ImageChunks.count(images);
  }

  /** Maximum number of images of a chunk that are processed together. */
  int mostImages(int chunkImages);

  /** Images of the largest micro-batch of a minibatch. */
  default int largestMicroBatch(int images) {
    int chunks = chunks(images);
    return mostImages((images + chunks - 1) / chunks);
  }

  /**
   * Elements outside the heap that a minibatch takes at least, on one thread: the weight gradients
   * of every chunk, and what else is not small.
   */
  default long nativeLength(int images) {
    return (long) chunks(images) * sumLength();
  }

  /**
   * Creates scratch memory for micro-batches of at most {@code mostImages} images; each thread has
   * its own.
   */
  ConvolutionScratch<A> scratch(int mostImages);

  /** Number of winner marks for a number of images, where a ReLU or a pool follows. */
  int winners(int images);

  /** Elements of a chunk's weight gradient. */
  int sumLength();

  /** Writes the summed weight gradients in the layer's order. */
  void writeWeightGradients(A sums, NativeReals<A> gradients);

  /** Frees the memory. */
  @Override
  void close();
}
