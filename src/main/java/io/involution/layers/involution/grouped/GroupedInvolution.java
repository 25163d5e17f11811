package io.involution.layers.involution.grouped;

import io.involution.compute.ImageChunks;
import io.involution.layers.array.FloatArrays;
import io.involution.layers.array.HostBuffer;
import io.involution.layers.array.NativeReals;
import io.involution.layers.involution.BatchMoments;
import io.involution.layers.involution.BatchNorm;
import io.involution.layers.involution.InvolutionPath;
import io.involution.layers.involution.InvolutionShape;
import io.involution.layers.involution.ParameterOffsets;
import io.involution.layers.involution.general.GeneralInvolution;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The involution on the CPU in float32 for any number of reduced channels and groups, with stride
 * 1: both 1x1 convolutions are products of matrices, and the kernels of a row meet its patches in
 * loops that the JIT turns into vector code.
 */
public final class GroupedInvolution implements InvolutionPath {
  private final InvolutionShape shape;
  private final ParameterOffsets offsets;
  private final BatchMoments moments;
  private final BatchNorm norm;
  private final GroupedNorm positions;
  private final GroupedProducts products;
  private final GroupedChunk[] chunks = new GroupedChunk[ImageChunks.MOST];
  private final GroupedScratch[] slots = new GroupedScratch[ImageChunks.MOST];
  private final double[] parameters;
  private GroupedRows arithmetic;
  private int minibatch;

  public GroupedInvolution(InvolutionShape shape) {
    this.shape = shape;
    offsets = shape.offsets();
    moments = new BatchMoments(shape.reduced);
    norm = new BatchNorm(offsets, shape.reduced);
    positions = new GroupedNorm(shape, offsets, norm);
    products = new GroupedProducts(shape, offsets);
    parameters = new double[offsets.length];
  }

  @Override
  public void forward(INDArray input, INDArray vector, boolean training, INDArray output) {
    HostBuffer stored = HostBuffer.of(vector);
    stored.read(0, parameters, 0, parameters.length);
    products.load(parameters);
    prepare((int) input.size(0));
    ImageChunks.run(
        minibatch,
        (slot, index, first, until) -> {
          reduce(FloatArrays.INSTANCE.view(input), first, chunks[index], slots[slot]);
          positions.moments(chunks[index], index, moments);
        });
    norm.normalize(training, moments, ImageChunks.count(minibatch), parameters, stored);
    FloatBuffer from = HostBuffer.floats(input);
    FloatBuffer to = HostBuffer.floats(output);
    ImageChunks.run(
        minibatch,
        (slot, index, first, until) -> {
          GroupedChunk chunk = chunks[index];
          GroupedScratch scratch = slots[slot];
          chunk.carrier.load(from, first, scratch.input, scratch.image);
          positions.activate(chunk, scratch);
          arithmetic.output(scratch);
          chunk.carrier.storeOutput(scratch.output, scratch.image, first, to);
        });
  }

  private void reduce(
      NativeReals<float[]> images, int first, GroupedChunk chunk, GroupedScratch scratch) {
    int size = shape.height * shape.width;
    for (int n = 0; n < chunk.images; n++) {
      products.reduce(images, first + n, scratch);
      for (int r = 0; r < shape.reduced; r++) {
        scratch.reducedImage.get(r * size, chunk.reduced[r], n * size, size);
      }
    }
  }

  /** Makes the memory that so many images need. */
  private void prepare(int count) {
    if (count == minibatch && slots[ImageChunks.threads() - 1] != null) {
      return;
    }
    minibatch = count;
    Arrays.fill(chunks, null);
    freeSlots();
    int total = ImageChunks.count(count);
    ImageRows rows = new ImageRows(shape, (count + total - 1) / total);
    positions.use(rows);
    arithmetic = new GroupedRows(shape, rows, products);
    for (int index = 0; index < total; index++) {
      int size = ImageChunks.size(count, index);
      chunks[index] = new GroupedChunk(shape, rows, offsets.length, size);
    }
    for (int slot = 0; slot < ImageChunks.threads(); slot++) {
      slots[slot] = new GroupedScratch(shape, rows);
    }
  }

  @Override
  public void backward(
      INDArray input, INDArray epsilon, INDArray gradient, INDArray inputGradient) {
    FloatBuffer from = HostBuffer.floats(input);
    FloatBuffer eps = HostBuffer.floats(epsilon);
    FloatBuffer to = inputGradient == null ? null : HostBuffer.floats(inputGradient);
    ImageChunks.run(
        minibatch,
        (slot, index, first, until) -> {
          GroupedChunk chunk = chunks[index];
          GroupedScratch scratch = slots[slot];
          chunk.carrier.load(from, first, scratch.input, scratch.image);
          chunk.carrier.loadOutputGradient(eps, first, scratch.output, scratch.image);
          positions.activate(chunk, scratch);
          arithmetic.kernelGradients(scratch, chunk.gradient);
          positions.gradients(chunk, scratch);
          if (to != null) {
            chunk.carrier.storeInputGradient(scratch.inputGradient, scratch.image, first, to);
          }
        });
    double[] total = new double[offsets.length];
    // The reduction's weights are not known yet.
    sum(offsets.reduceBias, total.length - offsets.reduceBias, total);
    long count = (long) minibatch * shape.outHeight * shape.outWidth;
    double[][] corrections = norm.corrections(count, total);
    ImageChunks.run(
        minibatch,
        (slot, index, first, until) -> {
          positions.reduceGradients(chunks[index], corrections);
          NativeReals<float[]> gradients =
              inputGradient == null ? null : FloatArrays.INSTANCE.view(inputGradient);
          follow(FloatArrays.INSTANCE.view(input), gradients, first, chunks[index], slots[slot]);
        });
    sum(offsets.reduceWeights, shape.reduced * shape.channels, total);
    HostBuffer.of(gradient).write(0, total, 0, total.length);
  }

  /** From the gradient of the reduced channels to the reduction's weights and the input. */
  private void follow(
      NativeReals<float[]> images,
      NativeReals<float[]> gradients,
      int first,
      GroupedChunk chunk,
      GroupedScratch scratch) {
    int size = shape.height * shape.width;
    for (int n = 0; n < chunk.images; n++) {
      for (int r = 0; r < shape.reduced; r++) {
        scratch.reducedImage.put(r * size, chunk.normGradient[r], n * size, size);
      }
      products.reduceGradient(images, first + n, scratch, n == 0);
      if (gradients != null) {
        products.addInputGradient(scratch, gradients, first + n);
      }
    }
    float[] sums = scratch.weightGradient;
    int weights = shape.reduced * shape.channels;
    scratch.reduceGradient.get(0, sums, 0, weights);
    for (int i = 0; i < weights; i++) {
      chunk.gradient[offsets.reduceWeights + i] = sums[i];
    }
  }

  private void sum(int from, int count, double[] total) {
    ImageChunks.addSums(minibatch, index -> chunks[index].gradient, total, from, count);
  }

  /** Kernels are only drawn, never trained on: the general code makes them. */
  @Override
  public INDArray kernel(INDArray input, INDArray vector) {
    return new GeneralInvolution(shape).kernel(input, vector);
  }

  private void freeSlots() {
    for (GroupedScratch slot : slots) {
      if (slot != null) {
        slot.close();
      }
    }
    Arrays.fill(slots, null);
  }

  @Override
  public void close() {
    freeSlots();
    products.close();
  }
}
