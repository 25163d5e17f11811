package io.involution.layers.involution.deep;

import io.involution.compute.ImageChunk;
import io.involution.layers.array.FloatArrays;
import io.involution.layers.array.NativeReals;
import io.involution.layers.involution.HostInvolution;
import io.involution.layers.involution.InvolutionShape;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The involution on the CPU in float32 for many channels and groups, as deep networks have them,
 * with stride 1. A micro-batch of images at a time is reduced, gets its kernels, some groups at a
 * time, by one matrix product, and is multiplied with them while they are in the L2 cache; the
 * backward pass generates the kernels again, which is cheaper than to keep them. Every thread has
 * its own views of arrays, since a view is an operand of products at one offset at a time.
 *
 * <p>An image with a value that is not finite makes its neighbors in the minibatch not finite at
 * their first and last rows, too.
 */
public final class DeepInvolution extends HostInvolution<INDArray, DeepChunk, DeepScratch> {
  private final DeepNorm positions;

  /** Null until the first pass, and after {@link #close}. */
  private DeepProducts products;

  private MicroBatches layout;
  private DeepTaps taps;

  /** A path for images of one size. */
  public DeepInvolution(InvolutionShape shape) {
    super(shape);
    positions = new DeepNorm(shape, offsets, norm);
  }

  @Override
  protected INDArray view(INDArray array) {
    return array;
  }

  @Override
  protected void load() {
    if (products == null) {
      products = new DeepProducts(shape, offsets);
    }
    products.load(parameters);
  }

  @Override
  protected void layOut(int mostImages) {
    layout = new MicroBatches(shape, mostImages);
    taps = new DeepTaps(shape, layout, products);
  }

  @Override
  protected DeepChunk chunk(ImageChunk chunk) {
    return new DeepChunk(shape, layout, chunk);
  }

  @Override
  protected DeepScratch scratch(int mostImages) {
    return new DeepScratch(shape, layout, products);
  }

  @Override
  protected void free(DeepScratch own) {
    own.close();
  }

  private static NativeReals<float[]> floats(INDArray array) {
    return FloatArrays.INSTANCE.view(array);
  }

  @Override
  protected void reduce(DeepChunk chunk, DeepScratch own, INDArray input) {
    NativeReals<float[]> images = floats(input);
    for (MicroBatch part : chunk.parts) {
      products.reduce(images, part, own);
      for (int r = 0; r < shape.reduced; r++) {
        own.reduced.get(r * layout.positions, part.reduced[r], 0, part.positions);
      }
    }
    positions.moments(chunk, own, moments);
  }

  @Override
  protected void output(DeepChunk chunk, DeepScratch own, INDArray input, INDArray output) {
    NativeReals<float[]> images = floats(input);
    NativeReals<float[]> outputs = floats(output);
    for (MicroBatch part : chunk.parts) {
      part.carrier.load(images, own.input, own.image);
      positions.activate(part, own);
      taps.output(part, own);
      part.carrier.storeOutput(own.output, own.image, outputs);
    }
  }

  @Override
  protected void kernelGradients(DeepChunk chunk, DeepScratch own, Backward<INDArray> step) {
    NativeReals<float[]> images = floats(step.input());
    NativeReals<float[]> epsilon = floats(step.epsilon());
    NativeReals<float[]> gradients =
        step.inputGradient() == null ? null : floats(step.inputGradient());
    boolean first = true;
    for (MicroBatch part : chunk.parts) {
      part.carrier.load(images, own.input, own.image);
      part.carrier.loadOutputGradient(epsilon, own.output, own.image);
      positions.activate(part, own);
      taps.gradients(part, own, first);
      positions.gradients(part, own);
      if (gradients != null) {
        part.carrier.storeInputGradient(own.inputGradient, own.image, gradients);
      }
      first = false;
    }
    products.takeSpanGradient(own, chunk.gradient);
    positions.sums(chunk, own);
  }

  @Override
  protected void reduceGradients(
      DeepChunk chunk, DeepScratch own, Backward<INDArray> step, double[][] corrections) {
    positions.reduceGradients(chunk, corrections);
    NativeReals<float[]> images = floats(step.input());
    NativeReals<float[]> gradients =
        step.inputGradient() == null ? null : floats(step.inputGradient());
    boolean first = true;
    for (MicroBatch part : chunk.parts) {
      for (int r = 0; r < shape.reduced; r++) {
        own.reduced.put(r * layout.positions, part.normGradient[r], 0, part.positions);
      }
      products.reduceGradient(images, part, own, first);
      if (gradients != null) {
        products.addInputGradient(own, gradients, part);
      }
      first = false;
    }
    products.takeReduceGradient(own, chunk.gradient);
  }

  @Override
  public void close() {
    super.close();
    if (products != null) {
      products.close();
      products = null;
    }
  }
}
