package io.involution.metrics;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * JSON as in all outputs: snake_case keys, absent values as null. Unknown keys are ignored, so that
 * runs of other versions can be read.
 */
public final class Json {
  /** Writes and reads records. */
  public static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private Json() {}

  /** One value as one line, without the line break. */
  public static String line(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write JSON", e);
    }
  }

  /** One value as indented text in UTF-8. */
  public static byte[] pretty(Object value) {
    try {
      String text = MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value);
      return (text + "\n").getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write JSON", e);
    }
  }

  /**
   * Reads a record; Jackson alone makes null of the word null.
   *
   * @throws IOException if the text is not JSON, or not of such a record
   */
  public static <T> T read(byte[] text, Class<T> type) throws IOException {
    T value = MAPPER.readValue(text, type);
    if (value == null) {
      throw new IOException("it says null");
    }
    return value;
  }

  /**
   * Reads a value.
   *
   * @throws IOException if the text is not JSON
   */
  public static JsonNode tree(byte[] text) throws IOException {
    return MAPPER.readTree(text);
  }
}
