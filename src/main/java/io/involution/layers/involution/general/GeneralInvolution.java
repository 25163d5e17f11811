package io.involution.layers.involution.general;

import io.involution.compute.ImageChunk;
import io.involution.layers.array.HostBuffer;
import io.involution.layers.involution.HostInvolution;
import io.involution.layers.involution.InvolutionShape;
import io.involution.layers.involution.PaddedGrid;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The involution on the CPU for every setting, float32 and float64, with float64 arithmetic: no
 * patches are copied out, and kernels exist for one segment at a time only.
 */
public final class GeneralInvolution
    extends HostInvolution<HostBuffer, GeneralChunk, GeneralScratch> {
  private final PaddedGrid grid;
  private final GeneralImages images;
  private final GeneralArithmetic arithmetic;

  /** A path for images of one size. */
  public GeneralInvolution(InvolutionShape shape) {
    super(shape);
    grid = new PaddedGrid(shape);
    images = new GeneralImages(shape, grid);
    arithmetic = new GeneralArithmetic(shape, grid, offsets, parameters, norm);
  }

  @Override
  protected HostBuffer view(INDArray array) {
    return HostBuffer.of(array);
  }

  @Override
  protected GeneralChunk chunk(ImageChunk chunk) {
    return new GeneralChunk(shape, grid, chunk);
  }

  @Override
  protected GeneralScratch scratch(int mostImages) {
    return new GeneralScratch(shape, grid.lineLength(mostImages));
  }

  @Override
  protected void reduce(GeneralChunk chunk, GeneralScratch own, HostBuffer input) {
    images.load(input, chunk, own.image);
    images.average(chunk);
    arithmetic.reduce(chunk);
    arithmetic.moments(chunk, moments);
  }

  @Override
  protected void output(
      GeneralChunk chunk, GeneralScratch own, HostBuffer input, HostBuffer output) {
    arithmetic.output(chunk, own);
    images.storeOutput(own, chunk, output);
  }

  @Override
  protected void kernelGradients(
      GeneralChunk chunk, GeneralScratch own, Backward<HostBuffer> step) {
    chunk.clearGradients();
    images.loadOutputGradient(step.epsilon(), chunk, own);
    arithmetic.kernelGradients(chunk, own, step.inputGradient() != null);
  }

  @Override
  protected void reduceGradients(
      GeneralChunk chunk, GeneralScratch own, Backward<HostBuffer> step, double[][] corrections) {
    arithmetic.reduceGradients(chunk, corrections);
    if (step.inputGradient() != null) {
      for (int c = 0; c < shape.channels; c++) {
        arithmetic.kernelInputGradient(chunk, c, own.output);
        images.spreadAverage(chunk, c, own.output);
      }
      images.storeInputGradient(chunk, own.image, step.inputGradient());
    }
  }

  /** The kernels [N, K*K, G, H', W'] that inference generates, as a new array. */
  public INDArray kernel(INDArray input, INDArray vector) {
    reduceAll(view(input), input.size(0), vector, false);
    int planes = shape.taps * shape.groups;
    INDArray kernel =
        Nd4j.createUninitializedDetached(
            input.dataType(),
            input.size(0),
            shape.taps,
            shape.groups,
            shape.outHeight,
            shape.outWidth);
    HostBuffer to = HostBuffer.of(kernel);
    forEachChunk(
        (chunk, own) -> {
          double[] row = new double[shape.outWidth];
          for (int n = 0; n < chunk.images; n++) {
            for (int plane = 0; plane < planes; plane++) {
              for (int y = 0; y < shape.outHeight; y++) {
                arithmetic.kernelRow(chunk, grid.row(n, y), plane, row);
                int at = ((chunk.first + n) * planes + plane) * shape.outHeight + y;
                to.write(at * shape.outWidth, row, 0, row.length);
              }
            }
          }
        });
    return kernel;
  }
}
