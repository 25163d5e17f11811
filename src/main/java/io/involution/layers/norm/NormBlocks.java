package io.involution.layers.norm;

import java.util.ArrayList;
import java.util.List;

/**
 * An image [C, H, W], or a row [C] of features, in stretches that stay in the L1 cache: each has
 * whole channels, or a part of one channel.
 *
 * @param plane values of one channel, H * W or 1
 * @param list the stretches, in order
 */
record NormBlocks(int plane, List<Block> list) {
  /** The most values of a stretch. */
  static final int MOST = 1024;

  /**
   * A stretch.
   *
   * @param channel its first channel
   * @param channels how many
   * @param from its first value in the image
   * @param length number of its values
   * @param first whether it has the channel's first value
   */
  record Block(int channel, int channels, int from, int length, boolean first) {}

  static NormBlocks of(int channels, int plane) {
    List<Block> blocks = new ArrayList<>();
    if (plane <= MOST) {
      int together = MOST / plane;
      for (int channel = 0; channel < channels; channel += together) {
        int some = Math.min(together, channels - channel);
        blocks.add(new Block(channel, some, channel * plane, some * plane, true));
      }
      return new NormBlocks(plane, blocks);
    }
    int parts = (plane + MOST - 1) / MOST;
    for (int channel = 0; channel < channels; channel++) {
      for (int part = 0; part < parts; part++) {
        int from = border(plane, part, parts);
        int length = border(plane, part + 1, parts) - from;
        blocks.add(new Block(channel, 1, channel * plane + from, length, part == 0));
      }
    }
    return new NormBlocks(plane, blocks);
  }

  private static int border(int plane, int part, int parts) {
    return (int) ((long) plane * part / parts);
  }

  /** Where a channel of a stretch begins in it. */
  int start(Block block, int channel) {
    return block.channels() == 1 ? 0 : (channel - block.channel()) * plane;
  }

  /** Where a channel of a stretch ends in it. */
  int end(Block block, int channel) {
    return block.channels() == 1 ? block.length() : start(block, channel) + plane;
  }
}
