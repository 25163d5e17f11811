package io.involution.cli;

import io.involution.config.Places;
import io.involution.config.TrainOptions;
import io.involution.model.ModelFile;
import io.involution.model.NetworkKind;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** The parameters of {@code --init}. */
final class WarmStart {
  private WarmStart() {}

  /**
   * Reads them.
   *
   * @return the flat parameter vector, or empty where training starts from fresh weights
   * @throws io.involution.config.InputException when the file cannot be used for the network
   */
  static Optional<float[]> read(TrainOptions options, Configuration hadoop) {
    if (options.init().isEmpty()) {
      return Optional.empty();
    }
    String file = options.init().get();
    byte[] bytes = DriverFile.bytes("--init", file, hadoop);
    NetworkKind kind = Networks.of(options.model()).get(0);
    ComputationGraph graph = Networks.blueprint(kind, options).build();
    try {
      return Optional.of(ModelFile.readParameters(bytes, "--init " + Places.shown(file), graph));
    } finally {
      graph.close();
    }
  }
}
