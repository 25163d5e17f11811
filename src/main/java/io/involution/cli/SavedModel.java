package io.involution.cli;

import io.involution.config.InputException;
import io.involution.config.ModelChoice;
import io.involution.config.Places;
import io.involution.config.TrainConfig;
import io.involution.model.ModelFile;
import io.involution.model.NetworkBlueprint;
import io.involution.model.NetworkKind;
import io.involution.model.NetworkOptions;
import java.util.Set;

/** A model.zip and the network that it is of. */
final class SavedModel {
  private SavedModel() {}

  /**
   * The network of a file, told by its layers.
   *
   * @param bytes the whole file
   * @param file its name, for the error line
   * @throws InputException when it is neither of the two
   */
  static NetworkBlueprint blueprint(byte[] bytes, String file) {
    String shown = Places.shown(file);
    Set<String> layers = ModelFile.readLayers(bytes, shown);
    double learningRate = TrainConfig.defaults().getDouble("train.learning-rate");
    for (NetworkKind kind : Networks.of(ModelChoice.BOTH)) {
      var configuration = kind.configuration(new NetworkOptions(0, learningRate));
      if (configuration.getVertices().keySet().equals(layers)) {
        return NetworkBlueprint.of(kind.label(), configuration);
      }
    }
    throw new InputException(
        shown
            + " is neither of the two networks (layers "
            + layers
            + "): use a model.zip that train wrote");
  }
}
