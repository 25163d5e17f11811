package io.involution.layers.involution.rankone;

import io.involution.compute.ImageChunk;
import io.involution.layers.array.FloatArrays;
import io.involution.layers.array.NativeReals;
import io.involution.layers.involution.HostInvolution;
import io.involution.layers.involution.InvolutionShape;
import io.involution.layers.involution.PaddedGrid;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The involution on the CPU in float32 if its kernels are one plane times a scalar per tap: one
 * reduced channel, one group, stride 1, any kernel size and any number of channels.
 */
public final class RankOneInvolution
    extends HostInvolution<NativeReals<float[]>, RankOneChunk, RankOneScratch> {
  private final PaddedGrid grid;
  private final RankOneArithmetic arithmetic;

  /** A path for images of one size. */
  public RankOneInvolution(InvolutionShape shape) {
    super(shape);
    grid = new PaddedGrid(shape);
    arithmetic = new RankOneArithmetic(shape, grid, offsets, norm);
  }

  @Override
  protected NativeReals<float[]> view(INDArray array) {
    return FloatArrays.INSTANCE.view(array);
  }

  @Override
  protected void load() {
    arithmetic.read(parameters);
  }

  @Override
  protected RankOneChunk chunk(ImageChunk chunk) {
    return new RankOneChunk(shape, grid, chunk);
  }

  @Override
  protected RankOneScratch scratch(int mostImages) {
    return new RankOneScratch(shape, grid, mostImages);
  }

  @Override
  protected void reduce(RankOneChunk chunk, RankOneScratch own, NativeReals<float[]> input) {
    chunk.carrier.load(input, chunk.input, own.image);
    arithmetic.reduce(chunk, own, moments);
  }

  @Override
  protected void output(
      RankOneChunk chunk,
      RankOneScratch own,
      NativeReals<float[]> input,
      NativeReals<float[]> output) {
    arithmetic.output(chunk, own);
    chunk.carrier.storeOutput(own.output, own.image, output);
  }

  @Override
  protected void kernelGradients(
      RankOneChunk chunk, RankOneScratch own, Backward<NativeReals<float[]>> step) {
    chunk.carrier.loadOutputGradient(step.epsilon(), own.output, own.image);
    arithmetic.kernelGradients(chunk, own);
    if (shape.inputGradient) {
      arithmetic.patchGradients(chunk, own);
    }
  }

  @Override
  protected void reduceGradients(
      RankOneChunk chunk,
      RankOneScratch own,
      Backward<NativeReals<float[]>> step,
      double[][] corrections) {
    arithmetic.reduceGradients(chunk, corrections[0]);
    if (step.inputGradient() != null) {
      chunk.carrier.storeInputGradient(chunk.inputGradient, own.image, step.inputGradient());
    }
  }
}
