package io.involution.driver;

import io.involution.config.TrainOptions;
import io.involution.data.Sha256;
import io.involution.driver.input.Networks;
import io.involution.driver.input.RecordedModel;
import io.involution.failure.Places;
import io.involution.model.ModelFile;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.network.NetworkKind;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/** The parameters of {@code --init}. */
public final class WarmStart {
  private final float[] parameters;
  private final String sha256;

  private WarmStart(float[] parameters, String sha256) {
    this.parameters = parameters;
    this.sha256 = sha256;
  }

  /**
   * Reads them.
   *
   * @return empty if training starts from fresh weights
   * @throws io.involution.failure.InputException when the file cannot be used for the network
   */
  public static Optional<WarmStart> read(TrainOptions options, Configuration hadoop) {
    return options.init().map(file -> read(file, options, hadoop));
  }

  /** The same for a file that the options need not name. */
  public static WarmStart read(String file, TrainOptions options, Configuration hadoop) {
    byte[] bytes = RecordedModel.read("--init", file, hadoop);
    NetworkKind kind = Networks.of(options.model()).get(0);
    NetworkBlueprint blueprint = Networks.untrained(kind, options.involution());
    String name = "--init " + Places.shown(file);
    float[] parameters =
        ModelFile.read(bytes, name).parameters(blueprint.layers(), blueprint.parameters());
    return new WarmStart(parameters, Sha256.hex(bytes));
  }

  /** The flat parameter vector; not a copy. */
  float[] parameters() {
    return parameters;
  }

  /** SHA-256 digest of the file. */
  String sha256() {
    return sha256;
  }
}
