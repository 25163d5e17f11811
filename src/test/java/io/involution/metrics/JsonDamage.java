package io.involution.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Text of JSON that says something else, or is none any more. */
public final class JsonDamage {
  private static final List<String> WORDS =
      List.of(
          "null",
          "-1",
          "0",
          "99999",
          "1e308",
          "\"NaN\"",
          "true",
          "[]",
          "[null]",
          "{}",
          "{\"a\":null}",
          "\"\"",
          "\"=x\"",
          "\"../../x\"",
          "\"a\\u001b[2J\\nb\"");

  private JsonDamage() {}

  /** The same text with one value, one key, one line or one byte that is different. */
  public static String of(String text, Random random) {
    return switch (random.nextInt(10)) {
      case 0 -> text.substring(0, random.nextInt(text.length() + 1));
      case 1 -> flipped(text, random);
      case 2 -> WORDS.get(random.nextInt(WORDS.size()));
      default -> changed(text, random);
    };
  }

  private static String flipped(String text, Random random) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > 0) {
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /** The same JSON with another value somewhere; one of its lines, if each is a value. */
  public static String changed(String text, Random random) {
    if (!text.startsWith("{\n") && !text.startsWith("{ \n")) {
      List<String> lines = new ArrayList<>(text.lines().toList());
      if (lines.size() > 1) {
        int line = random.nextInt(lines.size());
        lines.set(line, changed(lines.get(line), random));
        return String.join("\n", lines) + "\n";
      }
    }
    try {
      JsonNode tree = Json.MAPPER.readTree(text);
      List<Runnable> changes = new ArrayList<>();
      collect(tree, changes, random);
      if (changes.isEmpty()) {
        return WORDS.get(random.nextInt(WORDS.size()));
      }
      changes.get(random.nextInt(changes.size())).run();
      return tree.toString() + "\n";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void collect(JsonNode node, List<Runnable> changes, Random random) {
    if (node instanceof ObjectNode object) {
      for (String key : (Iterable<String>) () -> object.deepCopy().fieldNames()) {
        changes.add(() -> object.set(key, word(random)));
        changes.add(() -> object.remove(key));
        changes.add(() -> object.set("../" + key, object.remove(key)));
        collect(object.get(key), changes, random);
      }
    } else if (node instanceof ArrayNode array) {
      changes.add(() -> array.add(word(random)));
      for (int i = 0; i < array.size(); i++) {
        int place = i;
        changes.add(() -> array.set(place, word(random)));
        collect(array.get(i), changes, random);
      }
    }
  }

  private static JsonNode word(Random random) {
    try {
      return Json.MAPPER.readTree(WORDS.get(random.nextInt(WORDS.size())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
