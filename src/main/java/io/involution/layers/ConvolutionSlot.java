package io.involution.layers;

/** One thread's scratch memory and work: a chunk of images, a group of a few images at a time. */
interface ConvolutionSlot<A> extends AutoCloseable {
  /** The largest group that it has memory for. */
  int mostImages();

  /**
   * Computes the outputs of a chunk's images.
   *
   * @param input {@code [images, channels, height, width]} of the whole minibatch
   * @param output {@code [images, filters, finalHeight, finalWidth]} of the whole minibatch
   * @param winners which product each output came from, for the way back
   * @param chunk the images
   */
  void forward(NativeReals<A> input, NativeReals<A> output, byte[] winners, ImageChunk chunk);

  /** Computes the gradients of a chunk's images; those of the input only if there is a place. */
  void backward(Backward<A> step, byte[] winners, ConvolutionSums.Chunk<A> sums, ImageChunk chunk);

  /** Frees the memory. */
  @Override
  void close();

  /**
   * A chunk of a minibatch's images.
   *
   * @param number which chunk
   * @param from first image, inclusive
   * @param to last image, exclusive
   */
  record ImageChunk(int number, int from, int to) {
    int images() {
      return to - from;
    }
  }

  /**
   * What a step's way back works on.
   *
   * @param input images of the whole minibatch
   * @param outputGradients gradients of the block's outputs
   * @param inputGradients place for the input's gradients; null for none
   */
  record Backward<A>(
      NativeReals<A> input, NativeReals<A> outputGradients, NativeReals<A> inputGradients) {}
}
