package io.involution.model.network;

import io.involution.config.training.OptimizerChoice;
import io.involution.config.training.OptimizerOptions;
import io.involution.config.training.WeightDecayChoice;
import io.involution.layers.BatchNormBlock;
import io.involution.layers.ConvolutionBlock;
import io.involution.layers.Involution;
import io.involution.model.LearningRate;
import io.involution.optimizer.Muon;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.learning.regularization.WeightDecay;

/**
 * The rule of the local steps: DL4J's Adam, DL4J's SGD with Nesterov momentum, or {@link Muon} for
 * matrices beside Adam for what is left. Muon takes the weights of convolutions, dense layers and
 * involutions. It leaves the layers that read the images, and the output layer, as its authors do,
 * and all biases and norms.
 *
 * @param options which, and the weight decay
 * @param rate the step size by local step; of Muon, where it is chosen
 * @param others the step size of what Muon leaves to Adam; the same where Muon is not chosen
 */
public record LocalRule(OptimizerOptions options, LearningRate rate, LearningRate others) {

  /** Adam with decoupled weight decay. */
  public static LocalRule adam(LearningRate rate, double weightDecay) {
    return new LocalRule(OptimizerOptions.adam(weightDecay), rate);
  }

  /** The same step size for all parameters. */
  public LocalRule(OptimizerOptions options, LearningRate rate) {
    this(options, rate, rate);
  }

  /**
   * Completes a network of this job. The weight decay is set here: DL4J's builder option for all
   * layers would add it to each layer twice.
   *
   * @param network has the {@link #plain} updater in all layers
   */
  void complete(ComputationGraphConfiguration network) {
    if (options.choice() == OptimizerChoice.MUON) {
      takeMatrices(network);
    }
    if (options.weightDecay() > 0) {
      layers(network).values().forEach(layer -> decay(layer, List.of()));
    }
  }

  /** Sets the updaters of all layers of a network, whatever they have. */
  public void updaters(ComputationGraphConfiguration network) {
    for (BaseLayer layer : layers(network).values()) {
      layer.setIUpdater(plain());
      layer.setBiasUpdater(null);
    }
    if (options.choice() == OptimizerChoice.MUON) {
      takeMatrices(network);
    }
  }

  private void takeMatrices(ComputationGraphConfiguration network) {
    Set<String> images = Set.copyOf(network.getNetworkInputs());
    layers(network)
        .forEach(
            (name, layer) -> {
              List<String> inputs = network.getVertexInputs().get(name);
              if (inputs.stream().noneMatch(images::contains) && hasMatricesOnly(layer)) {
                layer.setIUpdater(muon());
                layer.setBiasUpdater(plain());
              }
            });
  }

  /**
   * Sets the weight decay of a layer's weights; norms have none.
   *
   * @param own what there is besides; a weight decay of this kind is replaced
   */
  public void decay(BaseLayer layer, List<Regularization> own) {
    if (!(layer instanceof BatchNormBlock)) {
      layer.setRegularization(decayed(own));
    }
  }

  private List<Regularization> decayed(List<Regularization> own) {
    boolean decoupled = options.weightDecayKind() == WeightDecayChoice.DECOUPLED;
    Class<?> kind = decoupled ? WeightDecay.class : L2Regularization.class;
    List<Regularization> all = new ArrayList<>();
    own.stream().filter(one -> !kind.isInstance(one)).forEach(all::add);
    double decay = options.weightDecay();
    if (decay > 0) {
      all.add(decoupled ? new WeightDecay(decay, true) : new L2Regularization(decay));
    }
    return all;
  }

  /** The updater of what is no matrix: of everything, without Muon. */
  IUpdater plain() {
    return switch (options.choice()) {
      case ADAM -> adam(rate);
      case NESTEROVS -> {
        Nesterovs.Builder sgd = Nesterovs.builder().momentum(options.momentum().orElseThrow());
        yield rate.isConstant()
            ? sgd.learningRate(rate.peak()).build()
            : sgd.learningRateSchedule(rate).build();
      }
      case MUON -> adam(others);
    };
  }

  private static Adam adam(LearningRate rate) {
    Adam.Builder adam = Adam.builder().beta1(0.9).beta2(0.999).epsilon(1e-7);
    return rate.isConstant()
        ? adam.learningRate(rate.peak()).build()
        : adam.learningRateSchedule(rate).build();
  }

  private Muon muon() {
    double momentum = options.momentum().orElseThrow();
    return rate.isConstant()
        ? new Muon(rate.peak(), null, momentum)
        : new Muon(rate.peak(), rate, momentum);
  }

  /** Whether the weights of a layer are matrices or filters, and all else is biases. */
  private static boolean hasMatricesOnly(BaseLayer layer) {
    return layer instanceof ConvolutionBlock
        || layer instanceof Involution
        || layer.getClass() == ConvolutionLayer.class
        || (layer instanceof DenseLayer dense && !dense.hasLayerNorm());
  }

  private static Map<String, BaseLayer> layers(ComputationGraphConfiguration network) {
    Map<String, BaseLayer> layers = new LinkedHashMap<>();
    for (Map.Entry<String, GraphVertex> entry : network.getVertices().entrySet()) {
      if (entry.getValue() instanceof LayerVertex vertex
          && vertex.getLayerConf().getLayer() instanceof BaseLayer layer) {
        layers.put(entry.getKey(), layer);
      }
    }
    return layers;
  }
}
