package io.involution.submit;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The Spark Operator's documented fields, and what an object has that is not among them. */
final class OperatorFields {
  private static final String TABLE = "spark-operator-fields.txt";
  private static final String KUBERNETES = "io.fabric8.kubernetes.api.model.";

  private record Field(String type, boolean required) {}

  private final Map<String, Map<String, Field>> types = new LinkedHashMap<>();

  private OperatorFields(List<String> lines) {
    Map<String, Field> fields = Map.of();
    for (String line : lines) {
      String[] words = line.strip().split(" +", -1);
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      if (line.startsWith(" ")) {
        String name = words[0].replace("!", "");
        fields.put(name, new Field(words[1], words[0].endsWith("!")));
      } else {
        fields = new LinkedHashMap<>(words.length > 1 ? types.get(words[1]) : Map.of());
        types.put(words[0], fields);
      }
    }
  }

  static OperatorFields read() throws IOException {
    try (InputStream table = OperatorFields.class.getResourceAsStream(TABLE)) {
      String text = new String(table.readAllBytes(), StandardCharsets.UTF_8);
      return new OperatorFields(text.lines().toList());
    }
  }

  /** What is wrong with an object, each with its place. */
  List<String> problems(JsonNode object) {
    List<String> problems = new ArrayList<>();
    check(object.path("kind").asText(), object, object.path("kind").asText(), problems);
    return problems;
  }

  private void check(String type, JsonNode value, String place, List<String> problems) {
    String inner = type.substring(1, Math.max(1, type.length() - 1));
    if (type.startsWith("[")) {
      require(value.isArray(), "is no list", place, problems);
      for (int i = 0; i < value.size(); i++) {
        check(inner, value.get(i), place + "[" + i + "]", problems);
      }
    } else if (type.startsWith("{")) {
      require(value.isObject(), "is no object", place, problems);
      value
          .properties()
          .forEach(e -> check(inner, e.getValue(), place + "." + e.getKey(), problems));
    } else if (type.startsWith("=")) {
      List<String> allowed = List.of(type.substring(1).split("\\|"));
      require(allowed.contains(value.textValue()), "is none of " + allowed, place, problems);
    } else if (type.startsWith("k8s.")) {
      checkKubernetes(KUBERNETES + type.substring("k8s.".length()), value, place, problems);
    } else {
      switch (type) {
        case "string" -> require(value.isTextual(), "is no text", place, problems);
        case "integer" -> require(value.isInt(), "is no number", place, problems);
        case "boolean" -> require(value.isBoolean(), "is no truth value", place, problems);
        default -> checkFields(type, value, place, problems);
      }
    }
  }

  private void checkFields(String type, JsonNode value, String place, List<String> problems) {
    Map<String, Field> fields = types.get(type);
    if (fields == null) {
      throw new IllegalStateException(TABLE + " has no type " + type);
    }
    require(value.isObject(), "is no object", place, problems);
    fields.forEach(
        (name, field) ->
            require(!field.required() || value.has(name), "lacks " + name, place, problems));
    for (Map.Entry<String, JsonNode> entry : value.properties()) {
      Field field = fields.get(entry.getKey());
      if (field == null) {
        problems.add(place + " has the unknown field " + entry.getKey());
      } else {
        check(field.type(), entry.getValue(), place + "." + entry.getKey(), problems);
      }
    }
  }

  private static void checkKubernetes(
      String type, JsonNode value, String place, List<String> problems) {
    try {
      Manifests.strict(value, Class.forName(type));
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(TABLE + " names a type that Kubernetes has not", e);
    } catch (IOException e) {
      problems.add(place + ": " + e.getMessage().lines().findFirst().orElse(""));
    }
  }

  private static void require(boolean holds, String what, String place, List<String> problems) {
    if (!holds) {
      problems.add(place + " " + what);
    }
  }
}
