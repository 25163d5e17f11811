package io.involution.model;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.involution.failure.InputException;
import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Reads {@code configuration.json} as plain data: no class that it names is ever loaded. Even so it
 * must name only layers and settings of DL4J and of this job, and every text in it is bounded.
 */
final class ModelDescription {
  /** Layers and their settings, in packages that hold nothing else. */
  private static final Pattern CLASSES =
      Pattern.compile(
          "(org\\.deeplearning4j\\.nn\\.(conf\\.(layers(\\.\\w{1,40}){0,2}|graph(\\.\\w{1,40})?"
              + "|preprocessor|dropout|weightnoise|constraint|distribution|stepfunctions|inputs)"
              + "|weights)"
              + "|org\\.nd4j\\.linalg\\.(activations\\.impl|lossfunctions\\.impl|schedule"
              + "|learning\\.(config|regularization))"
              + "|io\\.involution\\.(layers|model))\\.[A-Z][\\w$]{0,80}");

  private static final int MOST_DEPTH = 64;
  private static final int MOST_TOKENS = 500_000;
  private static final int MOST_LETTERS = 256;

  private final JsonNode vertices;

  private ModelDescription(JsonNode vertices) {
    this.vertices = vertices;
  }

  /**
   * Reads the vertices of a network.
   *
   * @param json the whole entry
   * @param name the file's name, for the error message
   * @throws InputException when it is not JSON, or says more than a network's description says
   */
  static ModelDescription read(byte[] json, String name) {
    try {
      check(json, name);
      return new ModelDescription(new ObjectMapper().readTree(json).path("vertices"));
    } catch (IOException e) {
      throw new InputException(name + " is damaged: use another copy of it", e);
    }
  }

  private static void check(byte[] json, String name) throws IOException {
    JsonFactory factory = new JsonFactory().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
    try (JsonParser parser = factory.createParser(json)) {
      int depth = 0;
      int tokens = 0;
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        tokens++;
        if (depth > MOST_DEPTH || tokens > MOST_TOKENS || parser.getTextLength() > MOST_LETTERS) {
          throw new InputException(
              name + " describes a larger network than any: use a model.zip that train wrote");
        }
        if (token.isScalarValue() && "@class".equals(parser.currentName())) {
          checkClass(parser.getText(), name);
        }
      }
    }
  }

  private static void checkClass(String type, String name) {
    if (!CLASSES.matcher(type).matches()) {
      throw new InputException(
          name
              + " names a class that is no layer ("
              + ModelArchive.shown(type)
              + "): use a model.zip that train wrote");
    }
  }

  /** The names of the network's layers. */
  Set<String> layers() {
    Set<String> layers = new TreeSet<>();
    vertices.fieldNames().forEachRemaining(layers::add);
    return layers;
  }

  /** The vertices, by their order in the file. */
  JsonNode vertices() {
    return vertices;
  }
}
