package io.involution.cuda;

import io.involution.cuda.driver.DeviceCopies;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.updater.UpdaterBlock;

/**
 * Where DL4J keeps the updaters' state: in one vector, block by block, for Adam first all first
 * moments of a block and then all second ones, for Nesterov momentum its velocities. Between the
 * blocks lie parameters without a state.
 *
 * @param blocks the blocks that have a state, in order
 * @param parameters length of the parameter vector
 */
record MomentLayout(List<Block> blocks, int parameters) {

  /**
   * Parameters whose state is together.
   *
   * @param parameter index of the first one
   * @param length how many
   * @param state index of its first entry in DL4J's vector
   * @param vectors numbers that each parameter has there, 1 or 2
   */
  record Block(int parameter, int length, int state, int vectors) {
    private int entries() {
      return vectors * length;
    }
  }

  /** Checks that the blocks follow each other. */
  MomentLayout {
    blocks = List.copyOf(blocks);
    int parameter = 0;
    int state = 0;
    for (Block block : blocks) {
      if (block.parameter < parameter
          || block.state != state
          || block.length < 1
          || block.vectors < 1
          || block.vectors > 2) {
        throw new IllegalArgumentException("blocks of moments out of order: " + blocks);
      }
      parameter = block.parameter + block.length;
      state += block.entries();
    }
    if (parameter > parameters) {
      throw new IllegalArgumentException(blocks + " in " + parameters + " parameters");
    }
  }

  /** The layout of an initialized network. */
  static MomentLayout of(ComputationGraph graph) {
    Iterable<UpdaterBlock> all = graph.getUpdater(true).getUpdaterBlocks();
    List<Block> blocks =
        StreamSupport.stream(all.spliterator(), false)
            .filter(block -> block.getUpdaterViewOffsetEnd() > block.getUpdaterViewOffsetStart())
            .map(MomentLayout::block)
            .toList();
    return new MomentLayout(blocks, Math.toIntExact(graph.numParams()));
  }

  private static Block block(UpdaterBlock block) {
    int length = block.getParamOffsetEnd() - block.getParamOffsetStart();
    int start = block.getUpdaterViewOffsetStart();
    int entries = block.getUpdaterViewOffsetEnd() - start;
    if (entries % length != 0) {
      throw new IllegalArgumentException(entries + " entries for " + length + " parameters");
    }
    return new Block(block.getParamOffsetStart(), length, start, entries / length);
  }

  /** Length of DL4J's vector. */
  int state() {
    return blocks.stream().mapToInt(Block::entries).sum();
  }

  /**
   * Which parts of DL4J's vector are which on the device.
   *
   * @param first address of the first moments, or velocities, by parameter
   * @param second address of the second ones
   */
  List<DeviceCopies.Part> parts(float[] moments, long first, long second) {
    List<DeviceCopies.Part> parts = new ArrayList<>();
    for (Block block : blocks) {
      long at = (long) Float.BYTES * block.parameter;
      int middle = block.state + block.length;
      parts.add(new DeviceCopies.Part(first + at, moments, block.state, block.length));
      if (block.vectors == 2) {
        parts.add(new DeviceCopies.Part(second + at, moments, middle, block.length));
      }
    }
    return parts;
  }
}
