package io.involution.model;

import io.involution.data.DataSchema;
import io.involution.data.ImageShape;
import io.involution.failure.InputException;
import io.involution.model.configuration.ConfigurationReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * What {@code involution.json} in a model.zip says: everything that is needed to use the model, but
 * the network itself.
 *
 * @param network the network's name, such as {@code convolution}
 * @param schema the images that it takes and the classes that it tells apart
 * @param normalization what is done to the pixels before its first layer
 * @param jobVersion version of the job that trained it
 */
public record ModelMetadata(
    String network, DataSchema schema, Normalization normalization, String jobVersion) {
  private static final int FORMAT = 1;
  private static final int MOST_VERSION = 64;

  /** A network's name, as a regular expression: part of a file's name on every file system. */
  public static final String NETWORK = "[a-z0-9][a-z0-9._-]{0,63}";

  private static final Set<String> FIELDS =
      Set.of("format", "network", "image", "classes", "normalization", "job_version");

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when one of them cannot be a model's
   */
  public ModelMetadata {
    if (!isNetwork(network)) {
      throw new IllegalArgumentException("a network of the name " + network);
    }
    if (!normalization.fits(schema.image().channels())) {
      throw new IllegalArgumentException("a normalization of other channels than the images'");
    }
    if (jobVersion.length() > MOST_VERSION) {
      throw new IllegalArgumentException("a job version of " + jobVersion.length() + " letters");
    }
  }

  /** Whether a text can be a network's name: lower case, and safe in file names. */
  public static boolean isNetwork(String name) {
    return name.matches(NETWORK);
  }

  /** The entry's bytes: JSON. */
  byte[] write() {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("format", FORMAT);
    entry.put("network", network);
    ImageShape image = schema.image();
    Map<String, Object> shape = new LinkedHashMap<>();
    shape.put("channels", image.channels());
    shape.put("height", image.height());
    shape.put("width", image.width());
    entry.put("image", shape);
    entry.put("classes", schema.classes());
    Map<String, Object> numbers = new LinkedHashMap<>();
    numbers.put("mean", normalization.mean());
    numbers.put("standard_deviation", normalization.standardDeviation());
    entry.put("normalization", numbers);
    entry.put("job_version", jobVersion);
    try {
      return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(entry);
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
  }

  /**
   * Reads the entry.
   *
   * @param bytes the whole entry
   * @param name the file's name, for error messages
   * @throws InputException when it is anything but what {@link #write} writes
   */
  static ModelMetadata read(byte[] bytes, String name) {
    ConfigurationReader reader = ConfigurationReader.ofModel(name);
    JsonNode entry = reader.json(bytes);
    try {
      requireFields(entry, FIELDS);
      if (entry.path("format").asInt() != FORMAT) {
        throw new IllegalArgumentException("it is of another format, which a newer job wrote");
      }
      JsonNode image = entry.path("image");
      requireFields(image, Set.of("channels", "height", "width"));
      JsonNode numbers = entry.path("normalization");
      requireFields(numbers, Set.of("mean", "standard_deviation"));
      return new ModelMetadata(
          text(entry.path("network")),
          new DataSchema(
              new ImageShape(
                  whole(image.path("channels")),
                  whole(image.path("height")),
                  whole(image.path("width"))),
              texts(entry.path("classes"))),
          new Normalization(
              numbers(numbers.path("mean")), numbers(numbers.path("standard_deviation"))),
          text(entry.path("job_version")));
    } catch (IllegalArgumentException e) {
      throw reader.damaged(ModelArchive.METADATA + ": " + e.getMessage(), e);
    }
  }

  private static void requireFields(JsonNode object, Set<String> expected) {
    Set<String> found = new TreeSet<>();
    object.fieldNames().forEachRemaining(found::add);
    if (!found.equals(expected)) {
      throw new IllegalArgumentException("its fields are not those of a model");
    }
  }

  private static String text(JsonNode value) {
    require(value.isTextual());
    return value.textValue();
  }

  private static int whole(JsonNode value) {
    require(value.isInt());
    return value.intValue();
  }

  private static List<String> texts(JsonNode values) {
    require(values.isArray());
    List<String> texts = new ArrayList<>();
    values.forEach(value -> texts.add(text(value)));
    return texts;
  }

  private static List<Double> numbers(JsonNode values) {
    require(values.isArray());
    List<Double> numbers = new ArrayList<>();
    for (Iterator<JsonNode> each = values.elements(); each.hasNext(); ) {
      JsonNode value = each.next();
      require(value.isNumber());
      numbers.add(value.doubleValue());
    }
    return numbers;
  }

  private static void require(boolean sound) {
    if (!sound) {
      throw new IllegalArgumentException("one of its values is of another type");
    }
  }
}
