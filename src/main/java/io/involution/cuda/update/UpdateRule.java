package io.involution.cuda.update;

import io.involution.model.state.ParameterBlock;
import io.involution.model.state.ParameterLayout;
import io.involution.optimizer.MatrixShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/** How a network's parameters are changed by their gradients: each in one of a few ways. */
public final class UpdateRule {
  /** Bits of a parameter's kind that say which rule; the others say which way. */
  private static final int RULE_BITS = 3;

  private static final int MOST_WAYS = 1 << (Byte.SIZE - RULE_BITS);

  private final byte[] kinds;
  private final List<UpdateWay> ways = new ArrayList<>();
  private final List<MuonMatrix> matrices = new ArrayList<>();

  /**
   * The rule of a network.
   *
   * @throws IllegalArgumentException when the kernels do not know it, naming the layer and what it
   *     has
   */
  public UpdateRule(ComputationGraph graph) {
    ParameterLayout layout = ParameterLayout.of(graph);
    kinds = new byte[layout.length()];
    for (ParameterBlock block : layout.blocks()) {
      BaseLayer layer = (BaseLayer) graph.getLayer(block.layer()).conf().getLayer();
      if (block.trainable()) {
        UpdateWay way = way(layer, block);
        Arrays.fill(kinds, block.offset(), block.end(), kind(way));
        if (way.rule() == UpdateWay.Rule.MUON) {
          INDArray values = graph.getLayer(block.layer()).paramTable(false).get(block.name());
          matrices.add(new MuonMatrix(block.offset(), MatrixShape.of(values), ways.indexOf(way)));
        }
      }
    }
    if (ways.isEmpty()) {
      throw new IllegalArgumentException("a network without trainable parameters");
    }
  }

  private UpdateWay way(BaseLayer layer, ParameterBlock block) {
    String name = block.name();
    UpdateWay way;
    try {
      way = UpdateWay.of(layer.getUpdaterByParam(name), layer.getRegularizationByParam(name));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("layer " + block.layer() + " has " + e.getMessage(), e);
    }
    if (!ways.contains(way)) {
      ways.add(way);
    }
    if (ways.size() > MOST_WAYS) {
      throw new IllegalArgumentException(
          "layer " + block.layer() + " has one of more than " + MOST_WAYS + " different updaters");
    }
    return way;
  }

  @SuppressWarnings("EnumOrdinal") // the kernels number the rules in this order
  private byte kind(UpdateWay way) {
    return (byte) ((ways.indexOf(way) << RULE_BITS) | way.rule().ordinal());
  }

  /** By parameter: in the low bits the rule that changes it, 0 for none; above them its way. */
  byte[] kinds() {
    return kinds.clone();
  }

  /** What Muon trains, in the order of the parameter vector. */
  List<MuonMatrix> matrices() {
    return List.copyOf(matrices);
  }

  /** In how many different ways parameters are changed. */
  int ways() {
    return ways.size();
  }

  /**
   * What changes from step to step: step after step, way after way, its numbers.
   *
   * @param iteration steps that the updater's state has seen
   * @param epoch DL4J's counter of epochs, by which schedules count too
   * @param steps how many
   */
  public float[] rates(int iteration, int epoch, int steps) {
    float[] rates = new float[steps * ways.size() * UpdateWay.NUMBERS];
    int at = 0;
    for (int step = 0; step < steps; step++) {
      for (UpdateWay way : ways) {
        way.numbers(iteration + step, epoch, rates, at);
        at += UpdateWay.NUMBERS;
      }
    }
    return rates;
  }
}
