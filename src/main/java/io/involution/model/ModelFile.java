package io.involution.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.involution.config.InvolutionOptions;
import io.involution.failure.InputException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * {@code model.zip}: a trained network in DL4J's own file format. It can be loaded with plain
 * {@link ModelSerializer} if the job jar is on the class path; here it is read without that class,
 * which uses Java deserialization for some entries of the archive.
 */
public final class ModelFile {
  private static final String CONFIGURATION = "configuration.json";
  private static final String COEFFICIENTS = "coefficients.bin";
  private static final Set<String> ENTRIES =
      Set.of(CONFIGURATION, COEFFICIENTS, "updaterState.bin");
  private static final int MOST_BYTES = 1 << 28;

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
    Map<String, byte[]> entries = entries(bytes, name);
    if (!entries.containsKey(CONFIGURATION) || !entries.containsKey(COEFFICIENTS)) {
      throw notOurs(name);
    }
    Set<String> expected = new TreeSet<>(graph.getConfiguration().getVertices().keySet());
    Set<String> found = layers(entries.get(CONFIGURATION), name);
    int length = Math.toIntExact(graph.numParams());
    byte[] coefficients = entries.get(COEFFICIENTS);
    if (!found.equals(expected) || coefficients.length / 4 < length) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s is the model of another network (layers %s, expected %s): use one of this"
                  + " network",
              name,
              found,
              expected));
    }
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(coefficients));
        INDArray values = Nd4j.read(in)) {
      if (values.length() != length) {
        throw new InputException(
            String.format(
                Locale.ROOT,
                "%s has %d parameters, the network %d: use one of this network",
                name,
                values.length(),
                length));
      }
      return finite(values.toFloatVector(), name);
    } catch (IOException | RuntimeException e) {
      if (e instanceof InputException input) {
        throw input;
      }
      throw new InputException(name + " is damaged: use another copy of it", e);
    }
  }

  private static float[] finite(float[] parameters, String name) {
    for (float parameter : parameters) {
      if (!Float.isFinite(parameter)) {
        throw new InputException(
            name + " has parameters that are NaN or infinite: use a model that did not diverge");
      }
    }
    return parameters;
  }

  /**
   * The names of a network's layers, without reading its parameters.
   *
   * @param bytes the whole file
   * @param name the file's name, for the error message
   * @throws InputException when it is not a model file
   */
  public static Set<String> readLayers(byte[] bytes, String name) {
    return layers(configuration(bytes, name), name);
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
    for (JsonNode vertex : vertices(configuration(bytes, name), name)) {
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

  private static byte[] configuration(byte[] bytes, String name) {
    Map<String, byte[]> entries = entries(bytes, name);
    if (!entries.containsKey(CONFIGURATION)) {
      throw notOurs(name);
    }
    return entries.get(CONFIGURATION);
  }

  private static InputException notOurs(String name) {
    return new InputException(name + " is not a model file: use a model.zip that train wrote");
  }

  private static Set<String> layers(byte[] configuration, String name) {
    Set<String> layers = new TreeSet<>();
    vertices(configuration, name).fieldNames().forEachRemaining(layers::add);
    return layers;
  }

  private static JsonNode vertices(byte[] configuration, String name) {
    try {
      return new ObjectMapper().readTree(configuration).path("vertices");
    } catch (JsonProcessingException e) {
      throw new InputException(name + " is damaged: use another copy of it", e);
    } catch (IOException e) {
      throw new IllegalStateException("reading from memory failed", e);
    }
  }

  private static Map<String, byte[]> entries(byte[] bytes, String name) {
    Map<String, byte[]> entries = new HashMap<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bytes))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        if (!ENTRIES.contains(entry.getName())) {
          throw new InputException(
              name
                  + " contains an entry that a model file of this job does not have ("
                  + entry.getName().replaceAll("[^\\w.-]", "?")
                  + "): use a model.zip that train wrote");
        }
        byte[] content = zip.readNBytes(MOST_BYTES + 1);
        if (content.length > MOST_BYTES) {
          throw new InputException(name + " is larger than any model: use another copy of it");
        }
        entries.put(entry.getName(), content);
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new InputException(name + " is damaged: use another copy of it", e);
    }
    return entries;
  }
}
