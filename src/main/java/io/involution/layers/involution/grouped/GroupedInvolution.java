package io.involution.layers.involution.grouped;

import io.involution.compute.ImageChunk;
import io.involution.layers.array.NativeReals;
import io.involution.layers.array.RealArrays.Operand;
import io.involution.layers.involution.InvolutionShape;
import io.involution.layers.involution.ProductInvolution;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The involution on the CPU in float32 for any number of reduced channels and groups, with stride
 * 1: both 1x1 convolutions are matrix products, and the kernels of a row are applied to its patches
 * in loops that the JIT vectorizes.
 */
public final class GroupedInvolution
    extends ProductInvolution<GroupedProducts, GroupedChunk, GroupedScratch> {
  private final GroupedNorm positions;

  private ImageRows rows;
  private GroupedRows arithmetic;

  /** A path for images of one size. */
  public GroupedInvolution(InvolutionShape shape) {
    super(shape);
    positions = new GroupedNorm(shape, offsets, norm);
  }

  @Override
  protected GroupedProducts span() {
    return new GroupedProducts(shape, offsets);
  }

  @Override
  protected void layOut(int mostImages) {
    rows = new ImageRows(shape, mostImages);
    positions.use(rows);
    arithmetic = new GroupedRows(shape, rows, products);
  }

  @Override
  protected GroupedChunk chunk(ImageChunk chunk) {
    return new GroupedChunk(shape, rows, chunk);
  }

  @Override
  protected GroupedScratch scratch(int mostImages) {
    return new GroupedScratch(shape, rows, reduction);
  }

  @Override
  protected void free(GroupedScratch own) {
    own.close();
  }

  @Override
  protected void reduce(GroupedChunk chunk, GroupedScratch own, INDArray input) {
    NativeReals<float[]> images = floats(input);
    int size = shape.height * shape.width;
    Operand<float[]> reduced = new Operand<>(own.reducedImage, 0, size, false);
    for (int n = 0; n < chunk.images; n++) {
      reduction.forward(images, chunk.first + n, reduced);
      for (int r = 0; r < shape.reduced; r++) {
        own.reducedImage.get(r * size, chunk.reduced[r], n * size, size);
      }
    }
    positions.moments(chunk, moments);
  }

  @Override
  protected void output(GroupedChunk chunk, GroupedScratch own, INDArray input, INDArray output) {
    chunk.carrier.load(floats(input), own.input, own.image);
    positions.activate(chunk, own);
    arithmetic.output(own);
    chunk.carrier.storeOutput(own.output, own.image, floats(output));
  }

  @Override
  protected void kernelGradients(GroupedChunk chunk, GroupedScratch own, Backward<INDArray> step) {
    chunk.carrier.load(floats(step.input()), own.input, own.image);
    chunk.carrier.loadOutputGradient(floats(step.epsilon()), own.output, own.image);
    positions.activate(chunk, own);
    arithmetic.kernelGradients(own, chunk.gradient);
    positions.gradients(chunk, own);
    if (step.inputGradient() != null) {
      chunk.carrier.storeInputGradient(own.inputGradient, own.image, floats(step.inputGradient()));
    }
  }

  @Override
  protected void reduceGradients(
      GroupedChunk chunk, GroupedScratch own, Backward<INDArray> step, double[][] corrections) {
    positions.reduceGradients(chunk, corrections);
    NativeReals<float[]> images = floats(step.input());
    NativeReals<float[]> gradients = floats(step.inputGradient());
    int size = shape.height * shape.width;
    Operand<float[]> gradient = new Operand<>(own.reducedImage, 0, size, false);
    for (int n = 0; n < chunk.images; n++) {
      for (int r = 0; r < shape.reduced; r++) {
        own.reducedImage.put(r * size, chunk.normGradient[r], n * size, size);
      }
      reduction.addGradient(images, chunk.first + n, gradient, own.reduceGradient, n == 0);
      if (gradients != null) {
        reduction.addInputGradient(gradient, gradients, chunk.first + n);
      }
    }
    reduction.takeGradient(own.reduceGradient, chunk.gradient);
  }
}
