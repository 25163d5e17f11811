package io.involution.driver;

import io.involution.config.NormalizeChoice;
import io.involution.config.TrainOptions;
import io.involution.data.Sha256;
import io.involution.driver.input.RecordedModel;
import io.involution.failure.InputException;
import io.involution.failure.Places;
import io.involution.model.ModelFile;
import io.involution.model.ModelMetadata;
import io.involution.model.Normalization;
import io.involution.model.network.NetworkBlueprint;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
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
   * @throws InputException when it is no model file, or one for other pixels than the run's
   */
  public static Optional<WarmStart> read(TrainOptions options, Configuration hadoop) {
    Optional<WarmStart> init = options.init().map(file -> read(file, hadoop));
    init.ifPresent(model -> model.requireFor(options));
    return init;
  }

  /** The same for a file that the options need not name. */
  public static WarmStart read(String file, Configuration hadoop) {
    byte[] bytes = RecordedModel.read("--init", file, hadoop);
    return new WarmStart(ModelFile.read(bytes, "--init " + Places.shown(file)), Sha256.hex(bytes));
  }

  /** Other data has other numbers; but without any, pixels are on another scale. */
  private void requireFor(TrainOptions options) {
    Optional<Normalization> other =
        file.metadata()
            .map(ModelMetadata::normalization)
            .filter(normalization -> normalization.isNone() != isNone(options.normalize()));
    if (other.isPresent()) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "--init %s is a network for pixels that %s",
              Places.shown(options.init().orElseThrow()),
              other.get().isNone()
                  ? "are not normalized: use --normalize none"
                  : String.format(
                      Locale.ROOT,
                      "are normalized: use --normalize %s,%s, or --normalize train for other data",
                      numbers(other.get().mean()),
                      numbers(other.get().standardDeviation()))));
    }
  }

  private static boolean isNone(NormalizeChoice choice) {
    return choice.isGiven()
        ? new Normalization(choice.mean(), choice.standardDeviation()).isNone()
        : !choice.isFromTraining();
  }

  private static String numbers(List<Double> channels) {
    return channels.stream().map(String::valueOf).collect(Collectors.joining(":"));
  }

  /**
   * The flat parameter vector of a network.
   *
   * @throws InputException when the file cannot be used for it
   */
  public float[] parameters(NetworkBlueprint blueprint) {
    return file.parameters(blueprint.layers(), blueprint.parameters());
  }

  /** SHA-256 digest of the file. */
  String sha256() {
    return sha256;
  }
}
