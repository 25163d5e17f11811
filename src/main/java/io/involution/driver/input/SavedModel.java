package io.involution.driver.input;

import io.involution.failure.InputException;
import io.involution.failure.Places;
import io.involution.model.ModelFile;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.network.NetworkKind;
import java.util.Set;

/** A model.zip and the network that it is of. */
public final class SavedModel {
  private SavedModel() {}

  /** The file that a name means: a model.zip itself, or the folder that holds it. */
  public static String file(String name) {
    return name.endsWith(".zip") ? name : name + "/model.zip";
  }

  /**
   * The network of a file, told by its layers and their hyper-parameters.
   *
   * @param bytes the whole file
   * @param file its name, for the error line
   * @throws InputException when it is none of them
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
        shown
            + " is none of the networks that train makes (layers "
            + layers
            + "): use a model.zip that train wrote");
  }
}
