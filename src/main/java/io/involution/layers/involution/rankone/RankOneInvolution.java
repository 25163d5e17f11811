package io.involution.layers.involution.rankone;

import io.involution.compute.ImageChunks;
import io.involution.layers.array.HostBuffer;
import io.involution.layers.involution.BatchMoments;
import io.involution.layers.involution.BatchNorm;
import io.involution.layers.involution.InvolutionPath;
import io.involution.layers.involution.InvolutionShape;
import io.involution.layers.involution.PaddedGrid;
import io.involution.layers.involution.ParameterOffsets;
import io.involution.layers.involution.general.GeneralInvolution;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The involution on the CPU in float32 where its kernels are one plane times a number a tap: one
 * reduced channel, one group, stride 1, any kernel size and any number of channels.
 */
public final class RankOneInvolution implements InvolutionPath {
  private final InvolutionShape shape;
  private final PaddedGrid grid;
  private final ParameterOffsets offsets;
  private final RankOneTiles tiles;
  private final BatchMoments moments = new BatchMoments(1);
  private final BatchNorm norm;
  private final RankOneChunk[] chunks = new RankOneChunk[ImageChunks.MOST];
  private final RankOneScratch[] slots = new RankOneScratch[ImageChunks.MOST];
  private final double[] parameters;
  private int minibatch;

  public RankOneInvolution(InvolutionShape shape) {
    this.shape = shape;
    offsets = shape.offsets();
    grid = new PaddedGrid(shape);
    norm = new BatchNorm(offsets, 1);
    parameters = new double[offsets.length];
    tiles = new RankOneTiles(shape, grid, offsets, norm);
  }

  @Override
  public void forward(INDArray input, INDArray vector, boolean training, INDArray output) {
    FloatBuffer from = HostBuffer.floats(input);
    FloatBuffer to = HostBuffer.floats(output);
    HostBuffer stored = HostBuffer.of(vector);
    stored.read(0, parameters, 0, parameters.length);
    tiles.read(parameters);
    prepare((int) input.size(0));
    ImageChunks.run(
        minibatch,
        (slot, index, first, until) -> {
          RankOneChunk chunk = chunks[index];
          chunk.carrier.load(from, first, chunk.input, slots[slot].image);
          tiles.reduce(chunk, slots[slot], index, moments);
        });
    norm.normalize(training, moments, ImageChunks.count(minibatch), parameters, stored);
    ImageChunks.run(
        minibatch,
        (slot, index, first, until) -> {
          RankOneScratch scratch = slots[slot];
          tiles.output(chunks[index], scratch);
          chunks[index].carrier.storeOutput(scratch.output, scratch.image, first, to);
        });
  }

  /** Makes the memory that so many images need. */
  private void prepare(int count) {
    if (count == minibatch && slots[ImageChunks.threads() - 1] != null) {
      return;
    }
    minibatch = count;
    Arrays.fill(chunks, null);
    Arrays.fill(slots, null);
    int total = ImageChunks.count(count);
    int most = (count + total - 1) / total;
    for (int index = 0; index < total; index++) {
      int size = ImageChunks.size(count, index);
      chunks[index] = new RankOneChunk(shape, grid, offsets.length, size);
    }
    for (int slot = 0; slot < ImageChunks.threads(); slot++) {
      slots[slot] = new RankOneScratch(shape, grid, most);
    }
  }

  @Override
  public void backward(
      INDArray input, INDArray epsilon, INDArray gradient, INDArray inputGradient) {
    FloatBuffer eps = HostBuffer.floats(epsilon);
    ImageChunks.run(
        minibatch,
        (slot, index, from, until) -> {
          RankOneChunk chunk = chunks[index];
          RankOneScratch scratch = slots[slot];
          chunk.carrier.loadOutputGradient(eps, from, scratch.output, scratch.image);
          tiles.kernelGradients(chunk, scratch);
          if (shape.inputGradient) {
            tiles.patchGradients(chunk, scratch);
          }
        });
    double[] total = new double[offsets.length];
    sum(total.length, total);
    long count = (long) minibatch * shape.outHeight * shape.outWidth;
    double[] correction = norm.corrections(count, total)[0];
    FloatBuffer to = inputGradient == null ? null : HostBuffer.floats(inputGradient);
    ImageChunks.run(
        minibatch,
        (slot, index, from, until) -> {
          RankOneChunk chunk = chunks[index];
          tiles.reduceGradients(chunk, correction);
          if (to != null) {
            chunk.carrier.storeInputGradient(chunk.inputGradient, slots[slot].image, from, to);
          }
        });
    sum(shape.channels, total);
    HostBuffer.of(gradient).write(0, total, 0, total.length);
  }

  /** The reduction's weights come first. */
  private void sum(int count, double[] total) {
    ImageChunks.addSums(minibatch, index -> chunks[index].gradient, total, 0, count);
  }

  /** Kernels are only drawn, never trained on: the general code makes them. */
  @Override
  public INDArray kernel(INDArray input, INDArray vector) {
    return new GeneralInvolution(shape).kernel(input, vector);
  }
}
