package io.involution.model;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.JsonNode;
import io.involution.config.InvolutionOptions;
import io.involution.failure.InputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;

/**
 * {@code model.zip}: a trained network in DL4J's own file format. It can be loaded with plain
 * {@link ModelSerializer} if the job jar is on the class path; here it is read without that class,
 * which uses Java deserialization for some entries of the archive, and without ND4J's reader of
 * arrays, which believes what a file says about itself.
 */
public final class ModelFile {
  private static final int MOST_SHOWN = 8;

  private ModelFile() {}

  /** The file's bytes, including parameters and updater state. */
  public static byte[] write(ComputationGraph graph) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ModelSerializer.writeModel(graph, bytes, true);
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads the parameters of a network.
   *
   * @param bytes the whole file
   * @param name the file's name, for the error message
   * @param graph a network of the kind that the file must contain; not changed
   * @return the flat parameter vector
   * @throws InputException when the file is damaged, contains unexpected entries, or contains
   *     another network
   */
  public static float[] readParameters(byte[] bytes, String name, ComputationGraph graph) {
    Set<String> expected = new TreeSet<>(graph.getConfiguration().getVertices().keySet());
    Set<String> found = readLayers(bytes, name);
    if (!found.equals(expected)) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s is the model of another network (layers %s, expected %s): use one of this"
                  + " network",
              name,
              shown(found),
              shown(expected)));
    }
    byte[] coefficients = ModelArchive.entry(bytes, name, ModelArchive.COEFFICIENTS);
    return ModelParameters.read(coefficients, Math.toIntExact(graph.numParams()), name);
  }

  /** Layer names as a terminal can show them: plain characters, and not too many. */
  public static String shown(Set<String> layers) {
    String names =
        layers.stream().limit(MOST_SHOWN).map(ModelArchive::shown).collect(joining(", "));
    return "[" + names + (layers.size() > MOST_SHOWN ? ", ...]" : "]");
  }

  /**
   * The names of a network's layers, without reading its parameters.
   *
   * @param bytes the whole file
   * @param name the file's name, for the error message
   * @throws InputException when it is not a model file
   */
  public static Set<String> readLayers(byte[] bytes, String name) {
    return description(bytes, name).layers();
  }

  /**
   * The hyperparameters of a network's involutions; those of the reference run if it has no
   * involution.
   *
   * @param bytes the whole file
   * @param name the file's name, for the error message
   * @throws InputException when it is not a model file, or has involutions that this job does not
   *     support
   */
  public static InvolutionOptions readInvolution(byte[] bytes, String name) {
    for (JsonNode vertex : description(bytes, name).vertices()) {
      JsonNode layer = vertex.at("/layerConf/layer");
      if (layer.has("reductionRatio")) {
        return involution(layer, name);
      }
    }
    return InvolutionOptions.REFERENCE;
  }

  private static InvolutionOptions involution(JsonNode layer, String name) {
    try {
      return new InvolutionOptions(
          layer.path("kernelSize").asInt(),
          layer.path("groups").asInt(),
          layer.path("reductionRatio").asInt(),
          layer.path("stride").asInt());
    } catch (InputException e) {
      throw new InputException(
          name + " has involutions that train does not make: use a model.zip that it wrote", e);
    }
  }

  private static ModelDescription description(byte[] bytes, String name) {
    return ModelDescription.read(ModelArchive.entry(bytes, name, ModelArchive.CONFIGURATION), name);
  }
}
