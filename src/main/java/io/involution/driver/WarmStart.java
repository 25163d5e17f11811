package io.involution.driver;

import io.involution.config.TrainOptions;
import io.involution.data.Sha256;
import io.involution.driver.input.RecordedModel;
import io.involution.failure.Places;
import io.involution.model.ModelFile;
import io.involution.model.network.NetworkBlueprint;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/** The parameters of {@code --init}. */
public final class WarmStart {
  private final ModelFile file;
  private final String sha256;

  private WarmStart(ModelFile file, String sha256) {
    this.file = file;
    this.sha256 = sha256;
  }

  /**
   * Reads them.
   *
   * @return empty if training starts from fresh weights
   * @throws io.involution.failure.InputException when it is no model file
   */
  public static Optional<WarmStart> read(TrainOptions options, Configuration hadoop) {
    return options.init().map(file -> read(file, hadoop));
  }

  /** The same for a file that the options need not name. */
  public static WarmStart read(String file, Configuration hadoop) {
    byte[] bytes = RecordedModel.read("--init", file, hadoop);
    return new WarmStart(ModelFile.read(bytes, "--init " + Places.shown(file)), Sha256.hex(bytes));
  }

  /**
   * The flat parameter vector of a network.
   *
   * @throws io.involution.failure.InputException when the file cannot be used for it
   */
  public float[] parameters(NetworkBlueprint blueprint) {
    return file.parameters(blueprint.layers(), blueprint.parameters());
  }

  /** SHA-256 digest of the file. */
  String sha256() {
    return sha256;
  }
}
