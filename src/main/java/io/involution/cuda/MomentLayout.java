package io.involution.cuda;

import io.involution.cuda.driver.DeviceCopies;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.updater.UpdaterBlock;

/**
 * Where DL4J keeps Adam's moments: in one vector, block by block, first all first moments of a
 * block and then all second ones. Statistics lie between the blocks and have none.
 *
 * @param blocks the blocks that have moments, in order
 * @param parameters length of the parameter vector
 */
record MomentLayout(List<Block> blocks, int parameters) {

  /**
   * Parameters whose moments are together.
   *
   * @param parameter index of the first one
   * @param length how many
   * @param state index of its first moment in DL4J's vector
   */
  record Block(int parameter, int length, int state) {}

  /** Checks that the blocks follow each other. */
  MomentLayout {
    blocks = List.copyOf(blocks);
    int parameter = 0;
    int state = 0;
    for (Block block : blocks) {
      if (block.parameter < parameter || block.state != state || block.length < 1) {
        throw new IllegalArgumentException("blocks of moments out of order: " + blocks);
      }
      parameter = block.parameter + block.length;
      state += 2 * block.length;
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
            .map(
                block ->
                    new Block(
                        block.getParamOffsetStart(),
                        block.getParamOffsetEnd() - block.getParamOffsetStart(),
                        block.getUpdaterViewOffsetStart()))
            .toList();
    return new MomentLayout(blocks, Math.toIntExact(graph.numParams()));
  }

  /** Length of DL4J's vector. */
  int state() {
    return 2 * blocks.stream().mapToInt(Block::length).sum();
  }

  /**
   * Which parts of DL4J's vector are which on the device.
   *
   * @param first address of the first moments by parameter
   * @param second address of the second ones
   */
  List<DeviceCopies.Part> parts(float[] moments, long first, long second) {
    List<DeviceCopies.Part> parts = new ArrayList<>();
    for (Block block : blocks) {
      long at = (long) Float.BYTES * block.parameter;
      int middle = block.state + block.length;
      parts.add(new DeviceCopies.Part(first + at, moments, block.state, block.length));
      parts.add(new DeviceCopies.Part(second + at, moments, middle, block.length));
    }
    return parts;
  }
}
