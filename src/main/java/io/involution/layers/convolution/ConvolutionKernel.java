package io.involution.layers.convolution;

import io.involution.compute.ImageChunks;
import io.involution.layers.array.NativeReals;
import io.involution.layers.array.RealArrays;
import io.involution.layers.convolution.ConvolutionSlot.ImageChunk;
import io.involution.layers.convolution.ConvolutionSlot.ImageGroup;
import java.util.function.BiConsumer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The CPU code of a convolution block for one image size, by one of the {@link ConvolutionPath}s.
 * Holds all scratch memory, so that a step allocates none. One thread at a time may call it; it
 * uses the threads of {@link ImageChunks}.
 */
public final class ConvolutionKernel<A> implements AutoCloseable {
  private final RealArrays<A> reals;
  private final ConvolutionShape shape;
  private final ConvolutionPath<A> path;
  private final ConvolutionSlot<A>[] slots;
  private final ConvolutionSums<A> sums;
  private byte[] winners = new byte[0];

  /**
   * The code for one element type and image size.
   *
   * @param path how to compute it; closed with the kernel
   */
  public ConvolutionKernel(RealArrays<A> reals, ConvolutionShape shape, ConvolutionPath<A> path) {
    this.reals = reals;
    this.shape = shape;
    this.path = path;
    slots = slots();
    sums = new ConvolutionSums<>(reals, path, shape.filters);
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static <A> ConvolutionSlot<A>[] slots() {
    return new ConvolutionSlot[ImageChunks.MOST];
  }

  public ConvolutionShape shape() {
    return shape;
  }

  /**
   * Computes the outputs.
   *
   * @param input {@code [images, channels, height, width]}, contiguous in c order
   * @param parameterWeights {@code [filters, channels, kernelSize, kernelSize]}
   * @param biases {@code [1, filters]}
   * @param output {@code [images, filters, finalHeight, finalWidth]}, contiguous in c order
   */
  public void forward(INDArray input, INDArray parameterWeights, INDArray biases, INDArray output) {
    int images = Math.toIntExact(input.size(0));
    int length = path.winners(images);
    if (winners.length < length) {
      winners = new byte[length];
    }
    path.load(reals.view(parameterWeights), reals.view(biases));
    NativeReals<A> from = reals.view(input);
    NativeReals<A> to = reals.view(output);
    run(images, (slot, group) -> slot.forward(from, to, winners, group));
  }

  /**
   * Computes the gradients after {@link #forward} of the same input and parameters.
   *
   * @param input as in forward
   * @param outputGradients of the output's shape, contiguous in c order
   * @param weightGradients filled in, of the weights' shape
   * @param biasGradients filled in, of the biases' shape
   * @param inputGradients filled in, of the input's shape; null for none
   */
  public void backward(
      INDArray input,
      INDArray outputGradients,
      INDArray weightGradients,
      INDArray biasGradients,
      INDArray inputGradients) {
    int images = Math.toIntExact(input.size(0));
    ConvolutionSlot.Backward<A> step =
        new ConvolutionSlot.Backward<>(
            reals.view(input),
            reals.view(outputGradients),
            inputGradients == null ? null : reals.view(inputGradients));
    sums.prepare(ImageChunks.count(images));
    run(
        images,
        (slot, group) -> slot.backward(step, winners, sums.of(group.chunk().number()), group));
    sums.write(reals.view(weightGradients), reals.view(biasGradients));
  }

  /** Works on all images, a group at a time; groups depend on sizes only, as do the bits. */
  private void run(int images, BiConsumer<ConvolutionSlot<A>, ImageGroup> work) {
    ImageChunks.run(
        images,
        (number, chunk, first, end) -> {
          ConvolutionSlot<A> slot = slot(number, images);
          for (ImageGroup group : new ImageChunk(chunk, first, end).groups(slot.mostImages())) {
            work.accept(slot, group);
          }
        });
  }

  /** Scratch of a running thread, made when the thread first comes; only that thread sees it. */
  private ConvolutionSlot<A> slot(int slot, int images) {
    int chunk = (images + ImageChunks.count(images) - 1) / ImageChunks.count(images);
    int group = path.mostImages(chunk);
    if (slots[slot] == null || slots[slot].mostImages() < group) {
      if (slots[slot] != null) {
        slots[slot].close();
      }
      slots[slot] = path.slot(group);
    }
    return slots[slot];
  }

  @Override
  public void close() {
    path.close();
    sums.close();
    for (int i = 0; i < slots.length; i++) {
      if (slots[i] != null) {
        slots[i].close();
        slots[i] = null;
      }
    }
  }
}
