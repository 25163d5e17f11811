package io.involution.metrics;

import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.involution.failure.PlainText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * JSON as in all outputs: snake_case keys, absent values as null. Unknown keys are ignored, so that
 * runs of other versions can be read.
 */
public final class Json {
  /** Writes and reads records. */
  public static final ObjectMapper MAPPER =
      JsonMapper.builder(new JsonFactoryBuilder().characterEscapes(new PlainEscapes()).build())
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  /**
   * Escapes what would steer a terminal on which a file is looked at; readers see no difference.
   */
  private static final class PlainEscapes extends CharacterEscapes {
    private static final long serialVersionUID = 1;

    private static final int[] ASCII = standardAsciiEscapesForJSON();

    static {
      ASCII[0x7f] = ESCAPE_STANDARD;
    }

    @Override
    public int[] getEscapeCodesForAscii() {
      return ASCII.clone();
    }

    @Override
    public SerializableString getEscapeSequence(int character) {
      return PlainText.steers(character)
          ? new SerializedString(PlainText.line(Character.toString(character)))
          : null;
    }
  }

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
