package io.involution.cli;

import io.involution.config.ModelChoice;
import io.involution.model.NetworkKind;
import java.util.List;

/** From the user's choice to the networks. */
final class Networks {
  private Networks() {}

  /** The chosen networks, in the order in which they are trained and shown. */
  static List<NetworkKind> of(ModelChoice choice) {
    return switch (choice) {
      case CONVOLUTION -> List.of(NetworkKind.CONVOLUTION);
      case INVOLUTION -> List.of(NetworkKind.INVOLUTION);
      case BOTH -> List.of(NetworkKind.CONVOLUTION, NetworkKind.INVOLUTION);
    };
  }
}
