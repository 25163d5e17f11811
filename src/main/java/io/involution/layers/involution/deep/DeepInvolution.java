package io.involution.layers.involution.deep;

import io.involution.compute.ImageChunk;
import io.involution.layers.array.NativeReals;
import io.involution.layers.array.RealArrays.Operand;
import io.involution.layers.involution.InvolutionShape;
import io.involution.layers.involution.ProductInvolution;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The involution on the CPU in float32 for many channels and groups, as deep networks have them,
 * with stride 1. A micro-batch of images at a time is reduced, gets its kernels, some groups at a
 * time, by one matrix product, and is multiplied with them while they are in the L2 cache; the
 * backward pass generates the kernels again, which is cheaper than to keep them.
 *
 * <p>An image with a value that is not finite makes its neighbors in the minibatch not finite at
 * their first and last rows, too.
 */
public final class DeepInvolution extends ProductInvolution<DeepProducts, DeepChunk, DeepScratch> {
  private final DeepNorm positions;

  private MicroBatches layout;
  private DeepTaps taps;

  /** A path for images of one size. */
  public DeepInvolution(InvolutionShape shape) {
    super(shape);
    positions = new DeepNorm(shape, offsets, norm);
  }

  @Override
  protected DeepProducts span() {
    return new DeepProducts(shape, offsets);
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
    return new DeepScratch(shape, layout, products, reduction);
  }

  @Override
  protected void free(DeepScratch own) {
    own.close();
  }

  @Override
  protected void reduce(DeepChunk chunk, DeepScratch own, INDArray input) {
    NativeReals<float[]> images = floats(input);
    for (MicroBatch part : chunk.parts) {
      for (int n = 0; n < part.images; n++) {
        reduction.forward(images, part.first + n, reduced(own, n));
      }
      for (int r = 0; r < shape.reduced; r++) {
        own.reduced.get(r * layout.positions, part.reduced[r], 0, part.positions);
      }
    }
    positions.moments(chunk, own, moments);
  }

  /** The reduced channels of an image of a micro-batch. */
  private Operand<float[]> reduced(DeepScratch own, int image) {
    return new Operand<>(own.reduced, image * shape.height * shape.width, own.pitch, false);
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
    NativeReals<float[]> gradients = floats(step.inputGradient());
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
    NativeReals<float[]> gradients = floats(step.inputGradient());
    boolean first = true;
    for (MicroBatch part : chunk.parts) {
      for (int r = 0; r < shape.reduced; r++) {
        own.reduced.put(r * layout.positions, part.normGradient[r], 0, part.positions);
      }
      for (int n = 0; n < part.images; n++) {
        Operand<float[]> gradient = reduced(own, n);
        reduction.addGradient(images, part.first + n, gradient, own.reduceGradient, first);
        if (gradients != null) {
          reduction.addInputGradient(gradient, gradients, part.first + n);
        }
        first = false;
      }
    }
    reduction.takeGradient(own.reduceGradient, chunk.gradient);
  }
}
