package io.involution.model.network;

import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/** The networks that are trained and compared. */
public enum NetworkKind implements Network {
  /** Three convolutions. */
  CONVOLUTION("convolution"),
  /** Three involutions. */
  INVOLUTION("involution"),
  /** Wide involutions between pointwise convolutions. */
  WIDE_INVOLUTION("involution-wide"),
  /** Six convolutions between BatchNorms, after airbench94. */
  DEEP_CONVOLUTION("deep-convolution"),
  /** The same with involutions between convolutions of 1 x 1. */
  DEEP_INVOLUTION("deep-involution"),
  /** ResNet-26. */
  RESNET("resnet"),
  /** RedNet-26: involutions of 7 x 7 in the place of convolutions. */
  REDNET("rednet");

  /** The networks of three layers and a dense one. */
  public static final List<NetworkKind> SMALL = List.of(CONVOLUTION, INVOLUTION, WIDE_INVOLUTION);

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
          case DEEP_CONVOLUTION -> DeepConvolutionNetwork.configuration(options);
          case DEEP_INVOLUTION -> DeepInvolutionNetwork.configuration(options);
          case RESNET -> ResidualNetwork.resnet(options);
          case REDNET -> ResidualNetwork.rednet(options);
        };
    options.rule().complete(network);
    return network;
  }
}
