package io.involution.cuda.layer;

import io.involution.model.state.ParameterBlock;
import io.involution.model.state.ParameterLayout;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.api.layers.LayerConstraint;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.learning.regularization.WeightDecay;

/**
 * How a network's parameters are changed: by one Adam for all of them, with one weight decay for
 * some.
 */
public final class AdamRule {

  private static final byte TRAINED = 1;
  private static final byte DECAYED = 2;

  private final Adam adam;
  private final byte[] kinds;
  private WeightDecay decay;

  /**
   * The rule of a network.
   *
   * @throws IllegalArgumentException when it is another one, naming the layer and what it has
   */
  public AdamRule(ComputationGraph graph) {
    ParameterLayout layout = ParameterLayout.of(graph);
    kinds = new byte[layout.length()];
    Adam common = null;
    for (ParameterBlock block : layout.blocks()) {
      BaseLayer layer = (BaseLayer) graph.getLayer(block.layer()).conf().getLayer();
      refuseOthers(block.layer(), layer);
      if (block.trainable()) {
        common = adam(common, layer.getUpdaterByParam(block.name()), block.layer());
        byte kind = kind(layer.getRegularizationByParam(block.name()), block);
        Arrays.fill(kinds, block.offset(), block.end(), kind);
      }
    }
    if (common == null) {
      throw new IllegalArgumentException("a network without trainable parameters");
    }
    adam = common;
  }

  private static void refuseOthers(String name, BaseLayer layer) {
    GradientNormalization normalization = layer.getGradientNormalization();
    if (normalization != null && normalization != GradientNormalization.None) {
      throw new IllegalArgumentException(
          "layer " + name + " has the gradient normalization " + normalization);
    }
    List<LayerConstraint> constraints = layer.getConstraints();
    if (constraints != null && !constraints.isEmpty()) {
      throw new IllegalArgumentException("layer " + name + " has constraints " + constraints);
    }
  }

  private static Adam adam(Adam common, IUpdater updater, String layer) {
    if (!(updater instanceof Adam adam)) {
      throw new IllegalArgumentException("layer " + layer + " has the updater " + updater);
    }
    if (common != null && !common.equals(adam)) {
      throw new IllegalArgumentException("layer " + layer + " has an Adam of its own: " + adam);
    }
    return adam;
  }

  private byte kind(List<Regularization> regularizations, ParameterBlock block) {
    byte kind = TRAINED;
    for (Regularization one :
        regularizations == null ? List.<Regularization>of() : regularizations) {
      if (kind == DECAYED
          || !(one instanceof WeightDecay found && found.isApplyLR())
          || (decay != null && !decay.equals(found))) {
        throw new IllegalArgumentException(
            "layer " + block.layer() + " has the regularization " + regularizations);
      }
      decay = found;
      kind = DECAYED;
    }
    return kind;
  }

  /** By parameter: 0 for a statistic, 1 for what is trained, 2 for what is decayed too. */
  byte[] kinds() {
    return kinds.clone();
  }

  Adam adam() {
    return adam;
  }

  /**
   * What changes from step to step, step after step: Adam's step size with its bias corrections,
   * {@code rate * sqrt(1 - beta2^t) / (1 - beta1^t)}, and the share of a decayed parameter that is
   * subtracted, {@code coefficient * rate}.
   *
   * @param iteration steps that the updater's state has seen
   * @param epoch DL4J's counter of epochs, by which schedules count too
   * @param steps how many
   */
  public float[] rates(int iteration, int epoch, int steps) {
    float[] rates = new float[2 * steps];
    for (int step = 0; step < steps; step++) {
      int before = iteration + step;
      double rate = adam.getLearningRate(before, epoch);
      double first = 1 - Math.pow(adam.getBeta1(), before + 1.0);
      double second = 1 - Math.pow(adam.getBeta2(), before + 1.0);
      rates[2 * step] = (float) (rate * Math.sqrt(second) / first);
      if (decay != null) {
        rates[2 * step + 1] = (float) (rate * decay.getCoeff().valueAt(before, epoch));
      }
    }
    return rates;
  }
}
