package io.involution.model.network;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

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
    options.rule().complete(network);
    return network;
  }
}
