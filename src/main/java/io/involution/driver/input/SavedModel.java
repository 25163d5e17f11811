package io.involution.driver.input;

import io.involution.failure.InputException;
import io.involution.failure.Places;
import io.involution.model.ModelFile;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.network.NetworkKind;
import io.involution.model.state.GraphState;
import io.involution.model.state.ModelState;
import java.util.Locale;
import java.util.Set;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * A network that has been read from a model.zip.
 *
 * @param blueprint the network, recognized by its layers and their hyperparameters
 * @param graph the network with the file's parameters; the caller closes it
 */
public record SavedModel(NetworkBlueprint blueprint, ComputationGraph graph) {

  /**
   * Reads a model: every command that uses one for anything but {@code --init} does so here.
   *
   * @param bytes the whole file
   * @param file its name, for the error message
   * @throws InputException if it is none of this job's networks, or is damaged
   */
  public static SavedModel read(byte[] bytes, String file) {
    ModelFile saved = ModelFile.read(bytes, Places.shown(file));
    NetworkBlueprint blueprint = blueprint(saved, file);
    float[] parameters = saved.parameters(blueprint.layers(), blueprint.parameters());
    ComputationGraph graph = blueprint.build();
    try {
      ModelState state = GraphState.capture(graph).with(ModelState.PARAMETERS, parameters);
      GraphState.restore(graph, state);
      return new SavedModel(blueprint, graph);
    } catch (RuntimeException e) {
      graph.close();
      throw e;
    }
  }

  /** The file that a name refers to: a model.zip itself, or the one in a folder. */
  public static String file(String name) {
    return name.endsWith(".zip") ? name : name + "/model.zip";
  }

  private static NetworkBlueprint blueprint(ModelFile saved, String file) {
    Set<String> layers = saved.layers();
    for (NetworkKind kind : NetworkKind.values()) {
      NetworkBlueprint blueprint = Networks.untrained(kind);
      if (blueprint.layers().equals(layers)) {
        return kind == NetworkKind.INVOLUTION
            ? Networks.untrained(kind, saved.involution())
            : blueprint;
      }
    }
    throw new InputException(
        String.format(
            Locale.ROOT,
            "%s is not a network of the train command (layers %s): use a model.zip that train"
                + " wrote",
            Places.shown(file),
            ModelFile.shown(layers)));
  }

  /** Refuses a model whose numbers are finite, but not what it computes from them. */
  public static InputException notFinite(String file) {
    return new InputException(
        Places.shown(file)
            + " computes numbers that are NaN or infinite: use a model that did not diverge");
  }
}
