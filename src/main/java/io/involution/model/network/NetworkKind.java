package io.involution.model.network;

import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.nd4j.linalg.learning.regularization.WeightDecay;

/** The networks that are trained and compared. */
public enum NetworkKind implements Network {
  /** Three convolutions. */
  CONVOLUTION("convolution"),
  /** Three involutions. */
  INVOLUTION("involution"),
  /** Wide involutions between pointwise convolutions. */
  WIDE_INVOLUTION("involution-wide");

  private final String label;

  NetworkKind(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }

  @Override
  public ComputationGraphConfiguration configuration(NetworkOptions options) {
    ComputationGraphConfiguration network =
        switch (this) {
          case CONVOLUTION -> ConvolutionNetwork.configuration(options);
          case INVOLUTION -> InvolutionNetwork.configuration(options);
          case WIDE_INVOLUTION -> WideInvolutionNetwork.configuration(options);
        };
    if (options.weightDecay() > 0) {
      network.getVertices().values().forEach(vertex -> decay(vertex, options.weightDecay()));
    }
    return network;
  }

  /** Set here: DL4J's builder option for all layers would add it to each layer twice. */
  private static void decay(GraphVertex vertex, double weightDecay) {
    if (vertex instanceof LayerVertex layer
        && layer.getLayerConf().getLayer() instanceof BaseLayer trainable) {
      trainable.setRegularization(List.of(new WeightDecay(weightDecay, true)));
    }
  }
}
