package io.involution.layers.convolution;

import io.involution.compute.ImageChunks;
import io.involution.layers.array.NativeReals;
import io.involution.layers.array.RealArrays;
import java.util.function.BiConsumer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The CPU code of a convolution block for one image size, by one of the {@link ConvolutionPath}s.
 * Holds all scratch memory, so that a step allocates nothing. One thread at a time may call it; it
 * uses the threads of {@link ImageChunks}.
 */
public final class ConvolutionKernel<A> implements AutoCloseable {
  private final RealArrays<A> reals;
  private final ConvolutionShape shape;
  private final ConvolutionPath<A> path;
  private final ConvolutionScratch<A>[] scratch;
  private final ConvolutionSums<A> sums;

  private byte[] winners = new byte[0];

  /** Whether the last forward pass kept what a backward pass needs. */
  private boolean kept;

  /**
   * The code for one element type and image size.
   *
   * @param path how to compute it; closed together with the kernel
   */
  @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
  public ConvolutionKernel(RealArrays<A> reals, ConvolutionShape shape, ConvolutionPath<A> path) {
    this.reals = reals;
    this.shape = shape;
    this.path = path;
    scratch = new ConvolutionScratch[ImageChunks.MOST];
    sums = new ConvolutionSums<>(reals, path, shape.filters);
  }

  /** The sizes that it was created for. */
  public ConvolutionShape shape() {
    return shape;
  }

  /** Whether a backward pass can follow: the last forward pass was for training. */
  public boolean isReadyForBackward() {
    return kept;
  }

  /**
   * Computes the outputs.
   *
   * @param training whether to keep what {@link #backward} needs
   * @param input {@code [images, channels, height, width]}, contiguous in c order
   * @param parameterWeights {@code [filters, channels, kernelSize, kernelSize]}
   * @param biases {@code [1, filters]}; null if there are none
   * @param output {@code [images, filters, finalHeight, finalWidth]}, contiguous in c order
   */
  public void forward(
      boolean training,
      INDArray input,
      INDArray parameterWeights,
      INDArray biases,
      INDArray output) {
    int images = Math.toIntExact(input.size(0));
    boolean chosen = training && (shape.pool || shape.relu);
    int length = chosen ? path.winners(images) : 0;
    if (winners.length < length) {
      winners = new byte[length];
    }
    kept = training;
    byte[] marks = training ? winners : null;
    path.load(reals.view(parameterWeights), biases == null ? null : reals.view(biases));
    NativeReals<A> from = reals.view(input);
    NativeReals<A> to = reals.view(output);
    run(images, (scratch, batch) -> scratch.forward(from, to, marks, batch));
  }

  /**
   * Computes the gradients after {@link #forward}, for training, of the same input and parameters.
   *
   * @param input as in forward
   * @param outputGradients of the output's shape, contiguous in c order
   * @param weightGradients filled in, of the weights' shape; null if not needed
   * @param biasGradients filled in, of the biases' shape; null if not needed
   * @param inputGradients filled in, of the input's shape; null if not needed
   */
  public void backward(
      INDArray input,
      INDArray outputGradients,
      INDArray weightGradients,
      INDArray biasGradients,
      INDArray inputGradients) {
    int images = Math.toIntExact(input.size(0));
    ConvolutionScratch.Backward<A> step =
        new ConvolutionScratch.Backward<>(
            reals.view(input),
            reals.view(outputGradients),
            inputGradients == null ? null : reals.view(inputGradients),
            weightGradients != null,
            biasGradients != null);
    sums.prepare(path.chunks(images));
    run(
        images,
        (scratch, batch) ->
            scratch.backward(step, winners, sums.of(batch.chunk().number()), batch));
    if (weightGradients != null) {
      sums.writeWeights(reals.view(weightGradients));
    }
    if (biasGradients != null) {
      sums.writeBiases(reals.view(biasGradients));
    }
  }

  /**
   * Processes all images, one micro-batch at a time; the micro-batches, and so the bits, depend
   * only on the sizes.
   */
  private void run(int images, BiConsumer<ConvolutionScratch<A>, MicroBatch> work) {
    ImageChunks.run(
        images,
        path.chunks(images),
        (thread, chunk) -> {
          ConvolutionScratch<A> own = scratch(thread, images);
          for (MicroBatch batch : MicroBatch.of(chunk, own.mostImages())) {
            work.accept(own, batch);
          }
        });
  }

  /** The scratch memory of a running thread, created at its first use; only that thread uses it. */
  private ConvolutionScratch<A> scratch(int thread, int images) {
    int most = path.largestMicroBatch(images);
    if (scratch[thread] == null || scratch[thread].mostImages() < most) {
      if (scratch[thread] != null) {
        scratch[thread].close();
      }
      scratch[thread] = path.scratch(most);
    }
    return scratch[thread];
  }

  @Override
  public void close() {
    path.close();
    sums.close();
    for (int thread = 0; thread < scratch.length; thread++) {
      if (scratch[thread] != null) {
        scratch[thread].close();
        scratch[thread] = null;
      }
    }
  }
}
