package io.involution.layers.involution;

import io.involution.compute.ImageChunk;
import io.involution.compute.ImageChunks;
import io.involution.layers.array.HostBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The common part of the paths on the CPU: the passes over the chunks of a minibatch, the BatchNorm
 * between them, and the memory of chunks and threads, which is reused from step to step.
 *
 * @param <V> the type through which the path reads and writes arrays
 * @param <C> what it keeps for a chunk of images between passes
 * @param <S> scratch memory of one thread
 */
public abstract class HostInvolution<V, C extends InvolutionChunk, S> implements InvolutionPath {
  /** The layer's sizes. */
  protected final InvolutionShape shape;

  /** The offsets of the layer's parameters. */
  protected final ParameterOffsets offsets;

  /** The layer's parameters in the current step. */
  protected final double[] parameters;

  /** Moments of the reduced channels. */
  protected final BatchMoments moments;

  /** The BatchNorm of the reduced channels. */
  protected final BatchNorm norm;

  private final List<C> chunks = new ArrayList<>();
  private final List<S> scratch = new ArrayList<>();
  private int minibatch;

  /** A path for images of one size. */
  protected HostInvolution(InvolutionShape shape) {
    this.shape = shape;
    offsets = shape.offsets();
    parameters = new double[offsets.length];
    moments = new BatchMoments(shape.reduced);
    norm = new BatchNorm(offsets, shape.reduced);
  }

  /**
   * What a backward pass reads and writes.
   *
   * @param input the layer's input
   * @param epsilon gradient of the loss with respect to the output
   * @param inputGradient gradient with respect to the input; null when it is not needed
   */
  public record Backward<V>(INDArray input, V epsilon, V inputGradient) {}

  /** How the path reads and writes an array. */
  protected abstract V view(INDArray array);

  /** Receives the step's {@link #parameters}; by default they are used in place. */
  protected void load() {}

  /**
   * Prepares for chunks of at most {@code mostImages} images; by default there is nothing to do.
   */
  protected void layOut(int mostImages) {}

  /** The memory of a chunk. */
  protected abstract C chunk(ImageChunk images);

  /** The memory of a thread, for chunks of at most {@code mostImages} images. */
  protected abstract S scratch(int mostImages);

  /** Frees a thread's memory outside the heap; by default there is none. */
  protected void free(S own) {}

  /** Computes the first 1x1 convolution of a chunk, without bias, and its {@link #moments}. */
  protected abstract void reduce(C chunk, S own, V input);

  /** Computes the output of a chunk from its reduced channels. */
  protected abstract void output(C chunk, S own, V input, V output);

  /**
   * Goes from the output's gradient back to the BatchNorm's output. Sums the gradients of all
   * parameters after the first convolution, with the BatchNorm's sums at the offsets of beta and
   * gamma, and the input's gradient through the patches.
   */
  protected abstract void kernelGradients(C chunk, S own, Backward<V> step);

  /**
   * Goes from the BatchNorm's output back to the reduction's weights and the input.
   *
   * @param corrections the result of {@link BatchNorm#corrections}
   */
  protected abstract void reduceGradients(C chunk, S own, Backward<V> step, double[][] corrections);

  @Override
  public final void forward(INDArray input, INDArray vector, boolean training, INDArray output) {
    V from = view(input);
    reduceAll(from, input.size(0), vector, training);
    V to = view(output);
    forEachChunk((chunk, own) -> output(chunk, own, from, to));
  }

  /** Reads parameters and input, reduces the input's channels, and determines the BatchNorm. */
  protected final void reduceAll(V input, long images, INDArray vector, boolean training) {
    HostBuffer stored = HostBuffer.of(vector);
    stored.read(0, parameters, 0, parameters.length);
    load();
    prepare(Math.toIntExact(images));
    forEachChunk((chunk, own) -> reduce(chunk, own, input));
    norm.normalize(training, moments, chunks.size(), parameters, stored);
  }

  /** Allocates the memory for a number of images. */
  private void prepare(int images) {
    if (images == minibatch && scratch.size() >= ImageChunks.threads()) {
      return;
    }
    minibatch = images;
    release();
    int count = ImageChunks.count(images);
    int mostImages = (images + count - 1) / count;
    layOut(mostImages);
    for (int number = 0; number < count; number++) {
      chunks.add(chunk(ImageChunks.chunk(images, number)));
    }
    for (int thread = 0; thread < ImageChunks.threads(); thread++) {
      scratch.add(scratch(mostImages));
    }
  }

  @Override
  public final void backward(
      INDArray input, INDArray epsilon, INDArray gradient, INDArray inputGradient) {
    Backward<V> step =
        new Backward<>(input, view(epsilon), inputGradient == null ? null : view(inputGradient));
    forEachChunk((chunk, own) -> kernelGradients(chunk, own, step));
    double[] total = new double[offsets.length];
    sum(offsets.reduceBias, offsets.length - offsets.reduceBias, total);
    long count = (long) minibatch * shape.outHeight * shape.outWidth;
    double[][] corrections = norm.corrections(count, total);
    forEachChunk((chunk, own) -> reduceGradients(chunk, own, step, corrections));
    sum(offsets.reduceWeights, offsets.reduceBias, total);
    HostBuffer.of(gradient).write(0, total, 0, total.length);
  }

  private void sum(int from, int count, double[] total) {
    ImageChunks.addSums(minibatch, number -> chunks.get(number).gradient, total, from, count);
  }

  /** Processes every chunk, with several threads. */
  protected final void forEachChunk(BiConsumer<C, S> work) {
    ImageChunks.run(
        minibatch, (thread, chunk) -> work.accept(chunks.get(chunk.number()), scratch.get(thread)));
  }

  private void release() {
    scratch.forEach(this::free);
    scratch.clear();
    chunks.clear();
  }

  @Override
  public void close() {
    release();
  }
}
