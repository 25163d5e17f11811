package io.involution.layers.convolution;

import io.involution.layers.array.NativeReals;
import java.util.ArrayList;
import java.util.List;

/** One thread's scratch memory and work: a chunk of images, a group of a few images at a time. */
public interface ConvolutionSlot<A> extends AutoCloseable {
  /** The largest group that it has memory for. */
  int mostImages();

  /**
   * Computes the outputs of a group of images.
   *
   * @param input {@code [images, channels, height, width]} of the whole minibatch
   * @param output {@code [images, filters, finalHeight, finalWidth]} of the whole minibatch
   * @param winners which product each output came from, for the way back
   * @param group the images
   */
  void forward(NativeReals<A> input, NativeReals<A> output, byte[] winners, ImageGroup group);

  /** Computes the gradients of a group of images; those of the input only if there is a place. */
  void backward(Backward<A> step, byte[] winners, ConvolutionSums.Chunk<A> sums, ImageGroup group);

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
    public int images() {
      return to - from;
    }

    /** The groups in which the chunk is worked on, of about the same size. */
    List<ImageGroup> groups(int mostImages) {
      int count = (images() + mostImages - 1) / mostImages;
      int size = (images() + count - 1) / count;
      List<ImageGroup> groups = new ArrayList<>(count);
      for (int first = from; first < to; first += size) {
        groups.add(new ImageGroup(this, first, Math.min(size, to - first)));
      }
      return groups;
    }
  }

  /**
   * Images of a chunk that are worked on together.
   *
   * @param chunk the chunk
   * @param first the first of them
   * @param images how many
   */
  record ImageGroup(ImageChunk chunk, int first, int images) {
    public boolean isFirst() {
      return first == chunk.from();
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
