package io.involution.layers.norm;

import io.involution.compute.ImageChunks;
import io.involution.layers.array.FloatArrays;
import io.involution.layers.array.HostBuffer;
import io.involution.layers.array.NativeReals;
import io.involution.layers.array.RealArrays;
import io.involution.layers.involution.BatchMoments;
import io.involution.layers.norm.NormChunks.Pass;
import io.involution.layers.norm.NormChunks.Targets;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A BatchNorm, an activation and a shortcut over images [N, C, H, W] or features [N, C] in few
 * passes over memory: one for the moments of the batch, one for the output; in the backward pass
 * one for the sums over the batch and one for the input's gradient. What the backward pass needs of
 * the forward pass is computed again from the input.
 *
 * @param <A> {@code float[]} or {@code double[]}
 */
public final class BatchNormKernel<A> {
  private final RealArrays<A> reals;
  private final NormLoops<A> loops;
  private final NormSettings settings;
  private final NormStatistics statistics;
  private final BatchMoments moments;
  private final double[] parameters;
  private final double[][] chunkSums = new double[ImageChunks.MOST][];
  private final List<NormLines<A>> lines = new ArrayList<>();
  private NormChunks<A> chunks;

  private BatchNormKernel(RealArrays<A> reals, NormSettings settings) {
    this.reals = reals;
    loops = NormLoops.of(reals);
    this.settings = settings;
    int channels = settings.offsets().channels();
    statistics = new NormStatistics(settings, reals instanceof FloatArrays);
    moments = new BatchMoments(channels);
    parameters = new double[settings.offsets().length()];
    chunks = new NormChunks<>(loops, settings, statistics, NormBlocks.of(channels, 1));
  }

  /** The kernel of an element type, FLOAT or DOUBLE. */
  public static BatchNormKernel<?> of(DataType type, NormSettings settings) {
    return new BatchNormKernel<>(RealArrays.of(type), settings);
  }

  /**
   * The arrays of a pass, all of them contiguous and in c order.
   *
   * @param input the layer's input
   * @param shortcut what is added, of the same shape; null if nothing is
   */
  public record Inputs(INDArray input, INDArray shortcut) {}

  /**
   * The gradients of a pass, of the input's shape.
   *
   * @param output gradient of the loss with respect to the output
   * @param input receives that with respect to the input
   * @param shortcut receives that with respect to the shortcut; null if there is none
   */
  public record Gradients(INDArray output, INDArray input, INDArray shortcut) {}

  /**
   * Computes the output.
   *
   * @param vector the layer's parameters; in training the running statistics in it move
   */
  public void forward(Inputs inputs, INDArray vector, boolean training, INDArray output) {
    INDArray input = inputs.input();
    int images = Math.toIntExact(input.size(0));
    prepare(input);
    HostBuffer stored = HostBuffer.of(vector);
    stored.read(0, parameters, 0, parameters.length);
    NativeReals<A> from = reals.view(input);
    if (training) {
      ImageChunks.run(
          images,
          (thread, chunk) ->
              chunks.moments(chunk, lines.get(thread), from, chunkSums[chunk.number()], moments));
      statistics.useBatch(moments, ImageChunks.count(images), parameters);
      int mean = settings.offsets().mean();
      stored.write(mean, parameters, mean, parameters.length - mean);
    } else {
      statistics.useRunning(parameters);
    }
    NativeReals<A> more = inputs.shortcut() == null ? null : reals.view(inputs.shortcut());
    NativeReals<A> to = reals.view(output);
    Pass<A> pass = new Pass<>(from, more, to);
    ImageChunks.run(images, (thread, chunk) -> chunks.output(chunk, lines.get(thread), pass));
  }

  private void prepare(INDArray input) {
    int channels = settings.offsets().channels();
    int plane = Math.toIntExact(input.length() / (input.size(0) * channels));
    if (chunks.blocks().plane() != plane) {
      chunks = new NormChunks<>(loops, settings, statistics, NormBlocks.of(channels, plane));
    }
    while (lines.size() < ImageChunks.threads()) {
      lines.add(new NormLines<>(reals));
    }
    for (int chunk = 0; chunk < ImageChunks.MOST && chunkSums[chunk] == null; chunk++) {
      chunkSums[chunk] = new double[2 * channels];
    }
  }

  /**
   * Computes the gradients of the last forward pass.
   *
   * @param inputs as in the forward pass
   * @param vector receives the gradient of the parameters; that of the statistics is 0
   */
  public void backward(Inputs inputs, Gradients gradients, INDArray vector) {
    int images = Math.toIntExact(inputs.input().size(0));
    int channels = settings.offsets().channels();
    Pass<A> pass =
        new Pass<>(
            reals.view(inputs.input()),
            inputs.shortcut() == null ? null : reals.view(inputs.shortcut()),
            reals.view(gradients.output()));
    ImageChunks.run(
        images,
        (thread, chunk) -> chunks.sums(chunk, lines.get(thread), pass, chunkSums[chunk.number()]));
    double[] total = new double[2 * channels];
    ImageChunks.addSums(images, chunk -> chunkSums[chunk], total, 0, total.length);
    double[] gradient = new double[parameters.length];
    double[][] corrections =
        statistics.backward((long) images * chunks.blocks().plane(), total, gradient);
    HostBuffer.of(vector).write(0, gradient, 0, gradient.length);
    NativeReals<A> aside = gradients.shortcut() == null ? null : reals.view(gradients.shortcut());
    Targets<A> targets = new Targets<>(reals.view(gradients.input()), aside, corrections);
    ImageChunks.run(
        images, (thread, chunk) -> chunks.gradients(chunk, lines.get(thread), pass, targets));
  }
}
