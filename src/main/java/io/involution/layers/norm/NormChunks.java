package io.involution.layers.norm;

import io.involution.compute.ImageChunk;
import io.involution.layers.array.NativeReals;
import io.involution.layers.involution.BatchMoments;
import io.involution.layers.norm.NormBlocks.Block;

/**
 * The passes of a BatchNorm over one chunk of a minibatch's images: stretch by stretch, and in each
 * stretch image by image, so that the numbers of the stretch's channels are laid out once.
 *
 * @param <A> {@code float[]} or {@code double[]}
 */
record NormChunks<A>(
    NormLoops<A> loops, NormSettings settings, NormStatistics statistics, NormBlocks blocks) {

  /**
   * What a pass reads and writes.
   *
   * @param input the layer's input
   * @param shortcut the second input; null if there is none
   * @param output the layer's output, or the gradient with respect to it
   */
  record Pass<A>(NativeReals<A> input, NativeReals<A> shortcut, NativeReals<A> output) {}

  /**
   * Where the gradients go.
   *
   * @param input that with respect to the input
   * @param shortcut that with respect to the shortcut; null if there is none
   * @param corrections constants and slopes by channel, see {@link NormStatistics#backward}
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Targets<A>(NativeReals<A> input, NativeReals<A> shortcut, double[][] corrections) {}

  private int channels() {
    return settings.offsets().channels();
  }

  private int start(int image, Block block) {
    return image * channels() * blocks.plane() + block.from();
  }

  /** The work on one channel of a stretch, from its first value there to its last. */
  @FunctionalInterface
  private interface ChannelBody {
    void run(int channel, int start, int end);
  }

  private void forEachChannel(Block block, ChannelBody body) {
    for (int channel = block.channel(); channel < block.channel() + block.channels(); channel++) {
      body.run(channel, blocks.start(block, channel), blocks.end(block, channel));
    }
  }

  /**
   * The moments of the chunk, measured from the mean of its first image, or of a part of it.
   *
   * @param sums memory for two sums a channel
   */
  void moments(
      ImageChunk chunk,
      NormLines<A> own,
      NativeReals<A> input,
      double[] sums,
      BatchMoments moments) {
    double[] offsets = new double[channels()];
    for (Block block : blocks.list()) {
      int count = block.length();
      input.get(start(chunk.from(), block), own.input, 0, count);
      forEachChannel(
          block,
          (channel, start, end) -> {
            if (block.first()) {
              offsets[channel] = (float) (loops.sum(own.input, start, end) / (end - start));
            }
            loops.fill(own.center, start, end, offsets[channel]);
          });
      clear(own, sums, block);
      for (int image = chunk.from(); image < chunk.to(); image++) {
        input.get(start(image, block), own.input, 0, count);
        loops.addMoments(own.sums, own.products, own.input, own.center, count);
      }
      collect(sums, own, block);
    }
    long count = (long) chunk.images() * blocks.plane();
    for (int channel = 0; channel < channels(); channel++) {
      double mean = sums[channel] / count;
      double square = Math.max(0, sums[channels() + channel] - mean * sums[channel]);
      moments.put(chunk.number(), channel, count, offsets[channel] + mean, square);
    }
  }

  /** Starts a stretch's sums, and those of its channels where they begin. */
  private void clear(NormLines<A> own, double[] sums, Block block) {
    loops.fill(own.sums, 0, block.length(), 0);
    loops.fill(own.products, 0, block.length(), 0);
    if (block.first()) {
      forEachChannel(
          block,
          (channel, start, end) -> {
            sums[channel] = 0;
            sums[channels() + channel] = 0;
          });
    }
  }

  /** Adds the stretch's two sums to those of its channels. */
  private void collect(double[] sums, NormLines<A> own, Block block) {
    forEachChannel(
        block,
        (channel, start, end) -> {
          sums[channel] += loops.sum(own.sums, start, end);
          sums[channels() + channel] += loops.sum(own.products, start, end);
        });
  }

  /** The layer's output. */
  void output(ImageChunk chunk, NormLines<A> own, Pass<A> pass) {
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
    forEachChannel(
        block,
        (channel, start, end) -> {
          loops.fill(own.center, start, end, statistics.center[channel]);
          loops.fill(own.scale, start, end, statistics.scale[channel]);
          loops.fill(own.shift, start, end, statistics.shift[channel]);
        });
  }

  /** What the activation is applied to. */
  private void normalized(NormLines<A> own, Pass<A> pass, int at, int count) {
    pass.input.get(at, own.input, 0, count);
    if (settings.shortcut() == ShortcutPlace.BEFORE_ACTIVATION) {
      pass.shortcut.get(at, own.shortcut, 0, count);
      loops.normalize(own.output, own, count);
      loops.add(own.output, own.shortcut, count);
    } else {
      loops.normalize(own.output, own, count);
    }
  }

  /** The gradient of the BatchNorm's output; the pass's output is that of the layer's output. */
  private void gradients(NormLines<A> own, Pass<A> pass, int at, int count) {
    pass.output.get(at, own.gradient, 0, count);
    if (settings.activation() == Nonlinearity.IDENTITY) {
      pass.input.get(at, own.input, 0, count);
      return;
    }
    normalized(own, pass, at, count);
    loops.slopes(own.gradient, own.output, settings.activation(), count);
  }

  /** The sums over the chunk that {@link NormStatistics#backward} needs. */
  void sums(ImageChunk chunk, NormLines<A> own, Pass<A> pass, double[] sums) {
    for (Block block : blocks.list()) {
      fold(own, block);
      clear(own, sums, block);
      for (int image = chunk.from(); image < chunk.to(); image++) {
        gradients(own, pass, start(image, block), block.length());
        loops.addSums(own, block.length());
      }
      collect(sums, own, block);
    }
  }

  /** The gradients of both inputs. */
  void gradients(ImageChunk chunk, NormLines<A> own, Pass<A> pass, Targets<A> targets) {
    for (Block block : blocks.list()) {
      fold(own, block);
      forEachChannel(
          block,
          (channel, start, end) -> {
            loops.fill(own.constant, start, end, targets.corrections[0][channel]);
            loops.fill(own.slope, start, end, targets.corrections[1][channel]);
          });
      int count = block.length();
      for (int image = chunk.from(); image < chunk.to(); image++) {
        int at = start(image, block);
        gradients(own, pass, at, count);
        loops.inputGradient(own.output, own, count);
        targets.input.put(at, own.output, 0, count);
        if (settings.shortcut() == ShortcutPlace.AFTER_ACTIVATION) {
          pass.output.get(at, own.gradient, 0, count);
        }
        if (targets.shortcut != null) {
          targets.shortcut.put(at, own.gradient, 0, count);
        }
      }
    }
  }
}
