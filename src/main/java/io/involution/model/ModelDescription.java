package io.involution.model;

import io.involution.failure.InputException;
import io.involution.model.configuration.ConfigurationReader;
import java.util.Set;
import java.util.TreeSet;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.nd4j.shade.jackson.databind.JsonNode;

/** The network of a model file as {@code configuration.json} describes it: plain data. */
final class ModelDescription {
  private final ConfigurationReader reader;
  private final byte[] text;
  private final JsonNode json;

  private ModelDescription(byte[] text, String name) {
    this.reader = ConfigurationReader.ofModel(name);
    this.text = text;
    this.json = reader.json(text);
  }

  /**
   * Reads a description; no class that it names is loaded.
   *
   * @param json the whole entry
   * @param name the file's name, for the error message
   * @throws InputException when it is not JSON, or says more than a network's description says
   */
  static ModelDescription read(byte[] json, String name) {
    return new ModelDescription(json, name);
  }

  /** The names of the network's layers. */
  Set<String> layers() {
    Set<String> layers = new TreeSet<>();
    vertices().fieldNames().forEachRemaining(layers::add);
    return layers;
  }

  /** The vertices, by their order in the file. */
  JsonNode vertices() {
    return json.path("vertices");
  }

  /** The network's configuration. */
  ComputationGraphConfiguration configuration() {
    return reader.graph(text);
  }
}
