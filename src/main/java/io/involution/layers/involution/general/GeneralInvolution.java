package io.involution.layers.involution.general;

import io.involution.compute.ImageChunks;
import io.involution.layers.array.HostBuffer;
import io.involution.layers.involution.BatchMoments;
import io.involution.layers.involution.BatchNorm;
import io.involution.layers.involution.InvolutionPath;
import io.involution.layers.involution.InvolutionShape;
import io.involution.layers.involution.PaddedGrid;
import io.involution.layers.involution.ParameterOffsets;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The involution on the CPU for every setting, float32 and float64, with float64 arithmetic: no
 * patches are copied out, kernels exist a tile at a time only.
 */
public final class GeneralInvolution implements InvolutionPath {
  private final InvolutionShape shape;
  private final PaddedGrid grid;
  private final ParameterOffsets offsets;
  private final GeneralImages images;
  private final GeneralTiles tiles;
  private final BatchMoments moments;
  private final BatchNorm norm;
  private final GeneralChunk[] chunks = new GeneralChunk[ImageChunks.MOST];
  private final GeneralScratch[] slots = new GeneralScratch[ImageChunks.MOST];
  private final double[] parameters;
  private int minibatch;

  public GeneralInvolution(InvolutionShape shape) {
    this.shape = shape;
    offsets = shape.offsets();
    grid = new PaddedGrid(shape);
    images = new GeneralImages(shape, grid);
    moments = new BatchMoments(shape.reduced);
    norm = new BatchNorm(offsets, shape.reduced);
    parameters = new double[offsets.length];
    tiles = new GeneralTiles(shape, grid, offsets, parameters, norm);
  }

  @Override
  public void forward(INDArray input, INDArray vector, boolean training, INDArray output) {
    HostBuffer to = HostBuffer.of(output);
    reduce(input, vector, training);
    ImageChunks.run(
        minibatch,
        (slot, index, from, until) -> {
          tiles.output(chunks[index], slots[slot]);
          images.storeOutput(slots[slot], chunks[index], from, to);
        });
  }

  /** Reads the input and fixes the BatchNorm. */
  private void reduce(INDArray input, INDArray vector, boolean training) {
    HostBuffer from = HostBuffer.of(input);
    HostBuffer stored = HostBuffer.of(vector);
    stored.read(0, parameters, 0, parameters.length);
    prepare((int) input.size(0));
    ImageChunks.run(
        minibatch,
        (slot, index, first, until) -> {
          images.load(from, first, chunks[index], slots[slot].image);
          images.average(chunks[index]);
          tiles.reduce(chunks[index]);
          tiles.moments(chunks[index], index, moments);
        });
    norm.normalize(training, moments, ImageChunks.count(minibatch), parameters, stored);
  }

  /** Makes the memory that so many images need. */
  private void prepare(int count) {
    if (count == minibatch && slots[ImageChunks.threads() - 1] != null) {
      return;
    }
    minibatch = count;
    Arrays.fill(chunks, null);
    Arrays.fill(slots, null);
    int most = 0;
    int total = ImageChunks.count(count);
    for (int index = 0; index < total; index++) {
      int size = ImageChunks.size(count, index);
      chunks[index] = new GeneralChunk(shape, grid, offsets.length, size);
      most = Math.max(most, chunks[index].plane);
    }
    for (int slot = 0; slot < ImageChunks.threads(); slot++) {
      slots[slot] = new GeneralScratch(shape, most);
    }
  }

  @Override
  public void backward(
      INDArray input, INDArray epsilon, INDArray gradient, INDArray inputGradient) {
    HostBuffer eps = HostBuffer.of(epsilon);
    boolean wanted = inputGradient != null;
    ImageChunks.run(
        minibatch,
        (slot, index, from, until) -> {
          GeneralChunk chunk = chunks[index];
          chunk.clearGradients();
          images.loadOutputGradient(eps, from, chunk, slots[slot]);
          tiles.kernelGradients(chunk, slots[slot], wanted);
        });
    double[] total = new double[offsets.length];
    sum(0, total.length, total);
    long count = (long) minibatch * shape.outHeight * shape.outWidth;
    double[][] corrections = norm.corrections(count, total);
    HostBuffer to = wanted ? HostBuffer.of(inputGradient) : null;
    ImageChunks.run(
        minibatch,
        (slot, index, from, until) -> {
          GeneralChunk chunk = chunks[index];
          tiles.reduceGradients(chunk, corrections);
          if (wanted) {
            spread(chunk, slots[slot].output);
            images.storeInputGradient(chunk, from, slots[slot].image, to);
          }
        });
    sum(offsets.reduceWeights, shape.reduced * shape.channels, total);
    HostBuffer.of(gradient).write(0, total, 0, total.length);
  }

  private void sum(int from, int count, double[] total) {
    ImageChunks.addSums(minibatch, index -> chunks[index].gradient, total, from, count);
  }

  private void spread(GeneralChunk chunk, double[] line) {
    for (int c = 0; c < shape.channels; c++) {
      tiles.kernelInputGradient(chunk, c, line);
      images.spreadAverage(chunk, c, line);
    }
  }

  @Override
  public INDArray kernel(INDArray input, INDArray vector) {
    reduce(input, vector, false);
    int planes = shape.taps * shape.groups;
    INDArray kernel =
        Nd4j.createUninitializedDetached(
            input.dataType(), minibatch, shape.taps, shape.groups, shape.outHeight, shape.outWidth);
    HostBuffer to = HostBuffer.of(kernel);
    ImageChunks.run(
        minibatch,
        (slot, index, from, until) -> {
          double[] row = new double[shape.outWidth];
          for (int n = 0; n < chunks[index].images; n++) {
            for (int plane = 0; plane < planes; plane++) {
              for (int y = 0; y < shape.outHeight; y++) {
                tiles.kernelRow(chunks[index], grid.row(n, y), plane, row);
                int at = ((from + n) * planes + plane) * shape.outHeight + y;
                to.write(at * shape.outWidth, row, 0, row.length);
              }
            }
          }
        });
    return kernel;
  }
}
