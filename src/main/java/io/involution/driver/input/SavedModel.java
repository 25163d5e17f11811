package io.involution.driver.input;

import io.involution.failure.InputException;
import io.involution.failure.Places;
import io.involution.model.ModelFile;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.network.NetworkKind;
import java.util.Locale;
import java.util.Set;

/** Recognizes the network in a model.zip. */
public final class SavedModel {
  private SavedModel() {}

  /** The file that a name refers to: a model.zip itself, or the one in a folder. */
  public static String file(String name) {
    return name.endsWith(".zip") ? name : name + "/model.zip";
  }

  /**
   * The network in a file, recognized by its layers and their hyperparameters.
   *
   * @param bytes the whole file
   * @param file its name, for the error message
   * @throws InputException if it is none of this job's networks
   */
  public static NetworkBlueprint blueprint(byte[] bytes, String file) {
    String shown = Places.shown(file);
    Set<String> layers = ModelFile.readLayers(bytes, shown);
    for (NetworkKind kind : NetworkKind.values()) {
      NetworkBlueprint blueprint = Networks.untrained(kind);
      if (blueprint.layers().equals(layers)) {
        return kind == NetworkKind.INVOLUTION
            ? Networks.untrained(kind, ModelFile.readInvolution(bytes, shown))
            : blueprint;
      }
    }
    throw new InputException(
        String.format(
            Locale.ROOT,
            "%s is not a network of the train command (layers %s): use a model.zip that train"
                + " wrote",
            shown,
            layers));
  }
}
