package io.involution.model.configuration;

import io.involution.failure.InputException;
import io.involution.failure.Places;
import io.involution.failure.PlainText;
import io.involution.layers.SoftmaxCrossEntropy;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.serde.JsonMappers;
import org.nd4j.shade.jackson.core.JsonFactory;
import org.nd4j.shade.jackson.core.JsonParser;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.core.JsonStreamContext;
import org.nd4j.shade.jackson.core.JsonToken;
import org.nd4j.shade.jackson.databind.JavaType;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.cfg.MapperConfig;
import org.nd4j.shade.jackson.databind.jsontype.PolymorphicTypeValidator;
import org.nd4j.shade.jackson.dataformat.yaml.YAMLFactory;

/**
 * Reads a network's configuration, which may be anybody's: its size is bounded, and a class that it
 * names is loaded only if it is one of {@link AllowedClasses}.
 *
 * @param name what the text is called, for error messages
 * @param fix what to do about a text that cannot be used
 */
public record ConfigurationReader(String name, String fix) {
  private static final int MOST_DEPTH = 64;
  private static final int MOST_TOKENS = 500_000;
  private static final int MOST_LETTERS = 256;
  private static final int SHOWN = 80;

  /** More than any number of channels that a layer can have. */
  private static final int MOST_NUMBER = 1 << 20;

  /** More than any kernel: so no product of a layer's numbers overflows a long. */
  private static final int MOST_KERNEL = 1 << 10;

  /** Numbers that count or start something, and may be large. */
  private static final Set<String> COUNTS =
      Set.of("seed", "iterationCount", "epochCount", "warmupSteps", "cosineSteps", "linearSteps");

  private static final JsonFactory JSON = strict(new JsonFactory());

  private static final JsonFactory YAML = strict(new YAMLFactory());

  private static final Set<String> KERNELS = Set.of("kernelSize", "depthMultiplier");

  private static final String WEIGHTS = "weights";

  /** Its errors quote nothing of the file. */
  private static JsonFactory strict(JsonFactory factory) {
    return factory
        .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
        .disable(JsonParser.Feature.INCLUDE_SOURCE_IN_LOCATION);
  }

  /** The reader of an entry of a model file. */
  public static ConfigurationReader ofModel(String name) {
    return new ConfigurationReader(name, "use a model.zip that train wrote");
  }

  /**
   * Reads JSON as plain data: no class that it names is loaded.
   *
   * @throws InputException when it is none, is too large, or names a class that no network may use
   */
  public JsonNode json(byte[] text) {
    check(text, JSON);
    try {
      JsonNode tree = new ObjectMapper(JSON).readTree(text);
      if (!tree.isObject()) {
        throw new InputException(name + " describes no network: " + fix);
      }
      return tree;
    } catch (IOException e) {
      throw damaged(because(e), e);
    }
  }

  /** Refuses a text that nothing has written so. */
  public InputException damaged(String how, Exception cause) {
    return new InputException(name + " is damaged (" + how + "): use another copy of it", cause);
  }

  private void check(byte[] text, JsonFactory format) {
    try (JsonParser parser = format.createParser(text)) {
      int depth = 0;
      int tokens = 0;
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        tokens++;
        if (depth > MOST_DEPTH || tokens > MOST_TOKENS || parser.getTextLength() > MOST_LETTERS) {
          throw new InputException(name + " describes a larger network than any: " + fix);
        }
        if (token.isNumeric()) {
          requireSmall(parser);
        }
        if (token.isScalarValue() && "@class".equals(parser.currentName())) {
          requireAllowed(parser.getText());
        }
        if (parser.canReadTypeId() && parser.getTypeId() != null) {
          requireAllowed(String.valueOf(parser.getTypeId()));
        }
      }
    } catch (IOException e) {
      throw damaged(because(e), e);
    }
  }

  /** Numbers in lists are kernels, strides and paddings, or the weights of classes. */
  private void requireSmall(JsonParser parser) throws IOException {
    double number = parser.getDoubleValue();
    String field = parser.currentName();
    JsonStreamContext above = parser.getParsingContext().getParent();
    boolean weight = field == null && above != null && WEIGHTS.equals(above.getCurrentName());
    if (weight || (field != null && COUNTS.contains(field))) {
      return;
    }
    boolean kernel = field == null || KERNELS.contains(field);
    int most = kernel ? MOST_KERNEL : MOST_NUMBER;
    if (!(Math.abs(number) <= most)) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s has %s as %s, more than %d: %s",
              name,
              number,
              field == null ? "one of a list" : shown(field),
              most,
              fix));
    }
  }

  private void requireAllowed(String type) {
    if (!AllowedClasses.contains(type)) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s uses %s, %s: %s",
              name,
              shown(type),
              AllowedClasses.reason(type),
              fix));
    }
  }

  /**
   * The configuration of a network, as JSON.
   *
   * @throws InputException when it is none, or has a layer or setting that no network may have
   */
  public ComputationGraphConfiguration graph(byte[] text) {
    return read(text, false, false);
  }

  /**
   * The network that a user describes: a graph, or layers one after the other (a
   * MultiLayerConfiguration), which become a graph that computes the same.
   *
   * @param yaml whether the text is YAML, and not JSON
   * @throws InputException when it is none, or has a layer or setting that no network may have
   */
  public ComputationGraphConfiguration network(byte[] text, boolean yaml) {
    return read(text, yaml, true);
  }

  private ComputationGraphConfiguration read(byte[] text, boolean yaml, boolean stacks) {
    JsonFactory format = yaml ? YAML : JSON;
    check(text, format);
    try {
      JsonNode tree = new ObjectMapper(format).readTree(text);
      requirePlain(tree);
      return stacks && tree.has("confs")
          ? LayerStack.graph(checked(MultiLayerConfiguration.class, text, yaml))
          : checked(ComputationGraphConfiguration.class, text, yaml);
    } catch (IOException | RuntimeException e) {
      throw refused(e);
    }
  }

  /** What a text that has been checked describes, checked too. */
  private <T> T checked(Class<T> type, byte[] text, boolean yaml) throws IOException {
    ObjectMapper mapper = (yaml ? JsonMappers.getMapperYaml() : JsonMappers.getMapper()).copy();
    mapper.setPolymorphicTypeValidator(new OnlyAllowed());
    T read = mapper.readValue(text, type);
    if (read == null) {
      throw new InputException(name + " describes no network: " + fix);
    }
    // What a text or a fraction was taken for is a number by now.
    check(JsonMappers.getMapper().writeValueAsBytes(read), JSON);
    return read;
  }

  private void requirePlain(JsonNode tree) {
    if (tree.toString().indexOf('<') >= 0) {
      // Jackson would load the types in angle brackets after a class's name without asking.
      throw new InputException(name + " contains a '<', which no network needs: " + fix);
    }
    for (JsonNode loss : tree.findParents(WEIGHTS)) {
      if (!loss.path("@class").asText().equals(SoftmaxCrossEntropy.class.getName())) {
        // ND4J would read the array, and believe what it says about itself.
        throw new InputException(
            name + " has a loss that weights the classes: leave the weights out of the file");
      }
    }
  }

  /** Refuses a network that DL4J cannot make, with its reason. */
  public InputException refused(Exception e) {
    if (e instanceof InputException known) {
      return known;
    }
    return new InputException(
        String.format(
            Locale.ROOT,
            "%s describes no network that DL4J can make (%s): %s",
            name,
            because(e),
            fix),
        e);
  }

  private static String because(Exception e) {
    String message =
        e instanceof JsonProcessingException parser
            ? parser.getOriginalMessage()
            : Places.reason(e);
    String line = PlainText.ascii(Places.oneLine(String.valueOf(message)));
    return line.length() > MOST_LETTERS ? line.substring(0, MOST_LETTERS) + " ..." : line;
  }

  /** A text of the file as a terminal can show it: plain characters, and not too many. */
  private static String shown(String text) {
    String start = text.substring(0, Math.min(SHOWN, text.length())).replaceAll("[^\\w.$-]", "?");
    return text.length() > SHOWN ? start + "..." : start;
  }

  /** Asked by Jackson before it loads a class, however the file names it. */
  private static final class OnlyAllowed extends PolymorphicTypeValidator.Base {
    private static final long serialVersionUID = 1L;

    @Override
    public Validity validateSubClassName(MapperConfig<?> config, JavaType base, String name) {
      return AllowedClasses.contains(name) ? Validity.ALLOWED : Validity.DENIED;
    }
  }
}
