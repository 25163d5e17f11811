package io.involution.model;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/** The networks that are trained and compared. */
public enum NetworkKind {
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

  /** Name in options, files and reports. */
  public String label() {
    return label;
  }

  /**
   * The network with its first weights' seed and its updater. Its input is {@code [images, 3, 32,
   * 32]} in float32, pixels divided by 255; its output the 10 classes' probabilities.
   */
  public ComputationGraphConfiguration configuration(NetworkOptions options) {
    return switch (this) {
      case CONVOLUTION -> ConvolutionNetwork.configuration(options);
      case INVOLUTION -> InvolutionNetwork.configuration(options);
      case WIDE_INVOLUTION -> WideInvolutionNetwork.configuration(options);
    };
  }
}
