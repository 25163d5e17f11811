package io.involution.layers.convolution;

import io.involution.compute.ImageChunks;
import io.involution.layers.array.NativeReals;
import io.involution.layers.array.RealArrays;
import java.util.function.BiConsumer;

/**
 * A path whose threads take images: each computes the chunks that it gets, one micro-batch at a
 * time. Sums of gradients are kept for every chunk.
 */
public abstract class ChunkedConvolution<A> implements ConvolutionPath<A> {
  private final RealArrays<A> reals;
  private final ConvolutionShape shape;
  private final ConvolutionScratch<A>[] scratch;
  private ConvolutionSums<A> sums;

  /** A path for one element type and image size. */
  @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
  protected ChunkedConvolution(RealArrays<A> reals, ConvolutionShape shape) {
    this.reals = reals;
    this.shape = shape;
    scratch = new ConvolutionScratch[ImageChunks.MOST];
  }

  /** Maximum number of images of a chunk that are processed together. */
  protected abstract int mostImages(int chunkImages);

  /**
   * Creates scratch memory for micro-batches of at most {@code mostImages} images; each thread has
   * its own.
   */
  protected abstract ConvolutionScratch<A> scratch(int mostImages);

  /** Elements of a chunk's weight gradient. */
  protected abstract int sumLength();

  /** Writes the summed weight gradients in the layer's order; may change the sums. */
  protected abstract void write(A weightSums, NativeReals<A> gradients);

  /** Images of the largest micro-batch of a minibatch. */
  protected final int largestMicroBatch(int images) {
    int chunks = ImageChunks.count(images);
    return mostImages((images + chunks - 1) / chunks);
  }

  @Override
  public long nativeLength(int images) {
    return (long) ImageChunks.count(images) * sumLength();
  }

  @Override
  public final void forward(
      NativeReals<A> input, NativeReals<A> output, byte[] winners, int images) {
    run(images, (own, batch) -> own.forward(input, output, winners, batch));
  }

  @Override
  public final void backward(Backward<A> step, byte[] winners, int images) {
    if (sums == null) {
      sums = new ConvolutionSums<>(reals, sumLength(), shape.filters);
    }
    sums.prepare(ImageChunks.count(images));
    run(
        images,
        (own, batch) -> own.backward(step, winners, sums.of(batch.chunk().number()), batch));
  }

  @Override
  public final void writeWeightGradients(NativeReals<A> gradients) {
    write(sums.weights(), gradients);
  }

  @Override
  public final void writeBiasGradients(NativeReals<A> gradients) {
    sums.writeBiases(gradients);
  }

  /**
   * Processes all images, one micro-batch at a time; the micro-batches, and so the bits, depend
   * only on the sizes.
   */
  private void run(int images, BiConsumer<ConvolutionScratch<A>, MicroBatch> work) {
    ImageChunks.run(
        images,
        (thread, chunk) -> {
          ConvolutionScratch<A> own = ownScratch(thread, images);
          for (MicroBatch batch : MicroBatch.of(chunk, own.mostImages())) {
            work.accept(own, batch);
          }
        });
  }

  /** The scratch memory of a running thread, created at its first use; only that thread uses it. */
  private ConvolutionScratch<A> ownScratch(int thread, int images) {
    int most = largestMicroBatch(images);
    if (scratch[thread] == null || scratch[thread].mostImages() < most) {
      if (scratch[thread] != null) {
        scratch[thread].close();
      }
      scratch[thread] = scratch(most);
    }
    return scratch[thread];
  }

  @Override
  public void close() {
    if (sums != null) {
      sums.close();
    }
    for (int thread = 0; thread < scratch.length; thread++) {
      if (scratch[thread] != null) {
        scratch[thread].close();
        scratch[thread] = null;
      }
    }
  }
}
