package io.involution.layers.norm;

import io.involution.compute.ImageChunk;
import io.involution.compute.ImageChunks;
import io.involution.layers.array.DoubleArrays;
import io.involution.layers.array.FloatArrays;
import io.involution.layers.array.HostBuffer;
import io.involution.layers.array.NativeReals;
import io.involution.layers.array.RealArrays;
import io.involution.layers.involution.BatchMoments;
import io.involution.layers.norm.NormBlocks.Block;
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
  private NormBlocks blocks;

  private BatchNormKernel(RealArrays<A> reals, NormLoops<A> loops, NormSettings settings) {
    this.reals = reals;
    this.loops = loops;
    this.settings = settings;
    int channels = settings.offsets().channels();
    statistics = new NormStatistics(settings, reals == (RealArrays<?>) FloatArrays.INSTANCE);
    moments = new BatchMoments(channels);
    parameters = new double[settings.offsets().length()];
    blocks = NormBlocks.of(channels, 1);
  }

  /** The kernel of an element type, FLOAT or DOUBLE. */
  public static BatchNormKernel<?> of(DataType type, NormSettings settings) {
    return switch (type) {
      case FLOAT -> new BatchNormKernel<>(FloatArrays.INSTANCE, new FloatNormLoops(), settings);
      case DOUBLE -> new BatchNormKernel<>(DoubleArrays.INSTANCE, new DoubleNormLoops(), settings);
      default ->
          throw new IllegalArgumentException("the layer computes in FLOAT or DOUBLE, not " + type);
    };
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
      ImageChunks.run(images, (thread, chunk) -> moments(chunk, lines.get(thread), from));
      statistics.useBatch(moments, ImageChunks.count(images), parameters);
      int mean = settings.offsets().mean();
      stored.write(mean, parameters, mean, parameters.length - mean);
    } else {
      statistics.useRunning(parameters);
    }
    NativeReals<A> more = inputs.shortcut() == null ? null : reals.view(inputs.shortcut());
    NativeReals<A> to = reals.view(output);
    ImageChunks.run(
        images, (thread, chunk) -> output(chunk, lines.get(thread), new Pass<>(from, more, to)));
  }

  private record Pass<A>(NativeReals<A> input, NativeReals<A> shortcut, NativeReals<A> output) {}

  private void prepare(INDArray input) {
    int channels = settings.offsets().channels();
    int plane = Math.toIntExact(input.length() / (input.size(0) * channels));
    if (blocks.plane() != plane) {
      blocks = NormBlocks.of(channels, plane);
    }
    while (lines.size() < ImageChunks.threads()) {
      lines.add(new NormLines<>(reals));
    }
    for (int chunk = 0; chunk < ImageChunks.MOST && chunkSums[chunk] == null; chunk++) {
      chunkSums[chunk] = new double[2 * channels];
    }
  }

  private int start(int image, Block block) {
    return image * settings.offsets().channels() * blocks.plane() + block.from();
  }

  /** The moments of a chunk, measured from the mean of its first image, or of a part of it. */
  private void moments(ImageChunk chunk, NormLines<A> own, NativeReals<A> input) {
    double[] sums = chunkSums[chunk.number()];
    double offset = 0;
    for (Block block : blocks.list()) {
      int count = block.length();
      input.get(start(chunk.from(), block), own.input, 0, count);
      if (block.first()) {
        clear(sums, block);
      }
      for (int channel = block.channel(); channel < block.channel() + block.channels(); channel++) {
        int start = blocks.start(block, channel);
        int end = blocks.end(block, channel);
        if (block.first()) {
          offset = (float) (loops.sum(own.input, start, end) / (end - start));
        }
        loops.fill(own.center, start, end, offset);
      }
      reals.zero(own.sums, 0, count);
      reals.zero(own.products, 0, count);
      for (int image = chunk.from(); image < chunk.to(); image++) {
        input.get(start(image, block), own.input, 0, count);
        loops.addMoments(own.sums, own.products, own.input, own.center, count);
      }
      collect(sums, own, block);
      if (block.last()) {
        put(chunk, block, own, sums);
      }
    }
  }

  private void clear(double[] sums, Block block) {
    int channels = settings.offsets().channels();
    for (int channel = block.channel(); channel < block.channel() + block.channels(); channel++) {
      sums[channel] = 0;
      sums[channels + channel] = 0;
    }
  }

  /** Adds the stretch's two sums to those of its channels. */
  private void collect(double[] sums, NormLines<A> own, Block block) {
    int channels = settings.offsets().channels();
    for (int channel = block.channel(); channel < block.channel() + block.channels(); channel++) {
      int start = blocks.start(block, channel);
      int end = blocks.end(block, channel);
      sums[channel] += loops.sum(own.sums, start, end);
      sums[channels + channel] += loops.sum(own.products, start, end);
    }
  }

  private void put(ImageChunk chunk, Block block, NormLines<A> own, double[] sums) {
    int channels = settings.offsets().channels();
    long count = (long) chunk.images() * blocks.plane();
    for (int channel = block.channel(); channel < block.channel() + block.channels(); channel++) {
      int start = blocks.start(block, channel);
      double offset = loops.sum(own.center, start, start + 1);
      double mean = sums[channel] / count;
      double square = sums[channels + channel] - mean * sums[channel];
      moments.put(chunk.number(), channel, count, offset + mean, Math.max(0, square));
    }
  }

  private void output(ImageChunk chunk, NormLines<A> own, Pass<A> pass) {
    for (Block block : blocks.list()) {
      fold(own, block);
      int count = block.length();
      for (int image = chunk.from(); image < chunk.to(); image++) {
        int at = start(image, block);
        normalized(own, pass, at, count);
        loops.activate(own.output, settings.activation(), count);
        if (settings.shortcut() == ShortcutPlace.AFTER_ACTIVATION) {
          pass.shortcut.get(at, own.shortcut, 0, count);
          loops.add(own.output, own.shortcut, count);
        }
        pass.output.put(at, own.output, 0, count);
      }
    }
  }

  /** The stretch's numbers by channel. */
  private void fold(NormLines<A> own, Block block) {
    for (int channel = block.channel(); channel < block.channel() + block.channels(); channel++) {
      int start = blocks.start(block, channel);
      int end = blocks.end(block, channel);
      loops.fill(own.center, start, end, statistics.center[channel]);
      loops.fill(own.scale, start, end, statistics.scale[channel]);
      loops.fill(own.shift, start, end, statistics.shift[channel]);
    }
  }

  /** What the activation is applied to. */
  private void normalized(NormLines<A> own, Pass<A> pass, int at, int count) {
    pass.input.get(at, own.input, 0, count);
    loops.normalize(own.output, own, count);
    if (settings.shortcut() == ShortcutPlace.BEFORE_ACTIVATION) {
      pass.shortcut.get(at, own.shortcut, 0, count);
      loops.add(own.output, own.shortcut, count);
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
    ImageChunks.run(images, (thread, chunk) -> sums(chunk, lines.get(thread), pass));
    double[] total = new double[2 * channels];
    ImageChunks.addSums(images, chunk -> chunkSums[chunk], total, 0, total.length);
    double[] gradient = new double[parameters.length];
    double[][] corrections = statistics.backward((long) images * blocks.plane(), total, gradient);
    HostBuffer.of(vector).write(0, gradient, 0, gradient.length);
    NativeReals<A> to = reals.view(gradients.input());
    NativeReals<A> aside = gradients.shortcut() == null ? null : reals.view(gradients.shortcut());
    ImageChunks.run(
        images,
        (thread, chunk) -> {
          NormLines<A> own = lines.get(thread);
          for (Block block : blocks.list()) {
            correct(own, block, corrections);
            for (int image = chunk.from(); image < chunk.to(); image++) {
              gradients(own, pass, start(image, block), block.length());
              loops.inputGradient(own.output, own, block.length());
              to.put(start(image, block), own.output, 0, block.length());
              if (aside != null) {
                aside(own, pass, aside, image, block);
              }
            }
          }
        });
  }

  private void correct(NormLines<A> own, Block block, double[][] corrections) {
    fold(own, block);
    for (int channel = block.channel(); channel < block.channel() + block.channels(); channel++) {
      int start = blocks.start(block, channel);
      int end = blocks.end(block, channel);
      loops.fill(own.constant, start, end, corrections[0][channel]);
      loops.fill(own.slope, start, end, corrections[1][channel]);
    }
  }

  private void aside(NormLines<A> own, Pass<A> pass, NativeReals<A> aside, int image, Block block) {
    int at = start(image, block);
    if (settings.shortcut() == ShortcutPlace.AFTER_ACTIVATION) {
      pass.output.get(at, own.gradient, 0, block.length());
    }
    aside.put(at, own.gradient, 0, block.length());
  }

  private void sums(ImageChunk chunk, NormLines<A> own, Pass<A> pass) {
    double[] sums = chunkSums[chunk.number()];
    for (Block block : blocks.list()) {
      fold(own, block);
      if (block.first()) {
        clear(sums, block);
      }
      reals.zero(own.sums, 0, block.length());
      reals.zero(own.products, 0, block.length());
      for (int image = chunk.from(); image < chunk.to(); image++) {
        gradients(own, pass, start(image, block), block.length());
        loops.addSums(own, block.length());
      }
      collect(sums, own, block);
    }
  }

  /** The gradient of the BatchNorm's output; the pass's output is that of the layer's output. */
  private void gradients(NormLines<A> own, Pass<A> pass, int at, int count) {
    normalized(own, pass, at, count);
    pass.output.get(at, own.gradient, 0, count);
    loops.slopes(own.gradient, own.output, settings.activation(), count);
  }
}
