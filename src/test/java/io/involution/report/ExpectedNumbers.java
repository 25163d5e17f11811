package io.involution.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Every number that a page may show, worked out anew from the files of a run's folder. */
final class ExpectedNumbers {
  private final Path run;
  private final ObjectMapper mapper = new ObjectMapper();
  private final JsonNode record;
  private final List<JsonNode> rows = new ArrayList<>();
  private final Map<String, JsonNode> files = new HashMap<>();

  ExpectedNumbers(Path run) throws IOException {
    this.run = run;
    record = mapper.readTree(run.resolve("run.json").toFile());
    for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
      rows.add(mapper.readTree(line));
    }
  }

  /** The number that belongs to a place. */
  double of(String from) throws IOException {
    if (from.contains(".json#") && !from.startsWith("derived/")) {
      return number(
          file(from.substring(0, from.indexOf('#'))).at(from.substring(from.indexOf('#') + 1)),
          from);
    }
    String[] parts = from.split("/");
    return switch (parts[0]) {
      case "metrics.jsonl#" ->
          number(epoch(parts[1], Integer.parseInt(parts[3])).get(parts[4]), from);
      case "reference" -> reference(from.substring("reference/".length()));
      case "difference" -> {
        String place = from.substring("difference/".length());
        yield number(record.at("/results/" + place), from) - reference(place);
      }
      case "derived" -> derived(parts, from);
      default -> throw new IllegalArgumentException(from);
    };
  }

  private static double reference(String place) {
    return switch (place) {
      case "convolution/test_accuracy" -> 0.7304;
      case "convolution/test_loss" -> 0.8962;
      case "convolution/train_accuracy" -> 0.8531;
      case "convolution/parameters/trainable" -> 319_178;
      case "convolution/parameters/non_trainable" -> 0;
      case "involution/test_accuracy" -> 0.4719;
      case "involution/test_loss" -> 1.5096;
      case "involution/train_accuracy" -> 0.4771;
      case "involution/parameters/trainable" -> 13_074;
      case "involution/parameters/non_trainable" -> 6;
      default -> throw new IllegalArgumentException(place);
    };
  }

  private double derived(String[] parts, String from) throws IOException {
    return switch (parts[1]) {
      case "lead" -> 100 * (accuracy("convolution") - accuracy("involution"));
      case "parameter_ratio" -> parameters("convolution") / parameters("involution");
      case "flops_ratio" -> flops("convolution") / flops("involution");
      case "bytes" -> 4 * of(from.substring("derived/bytes/".length()));
      default -> ofModel(parts, from);
    };
  }

  private double ofModel(String[] parts, String from) throws IOException {
    String model = parts[1];
    return switch (parts[2]) {
      case "parameters" -> parameters(model);
      case "flops" -> flops(model);
      case "classes" -> artifact(model, "confusion.json").get("counts").size();
      case "points_per_thousand_parameters" -> 100_000 * accuracy(model) / parameters(model);
      case "gap" ->
          100
              * Math.abs(
                  record.at("/results/" + model + "/train_accuracy").asDouble() - accuracy(model));
      case "lowest_loss_epoch" -> best(model, "test_loss", -1);
      case "last_progress" ->
          epoch(model, 20).get("train_accuracy").asDouble()
              - epoch(model, 15).get("train_accuracy").asDouble();
      case "seconds_to_best" -> {
        double seconds = 0;
        for (int i = 1; i <= best(model, "test_accuracy", 1); i++) {
          seconds +=
              epoch(model, i).get("round_seconds").asDouble()
                  + epoch(model, i).get("evaluate_seconds").asDouble();
        }
        yield seconds;
      }
      case "mixed" ->
          artifact(model, "confusion.json").at("/counts/" + parts[3] + "/" + parts[4]).asDouble();
      case "class" -> ofClass(model, Integer.parseInt(parts[3]), parts[4]);
      case "prediction" -> {
        JsonNode made = predictions(model).get(Integer.parseInt(parts[3]));
        double most = 0;
        for (JsonNode probability : made.get("probabilities")) {
          most = Math.max(most, probability.asDouble());
        }
        yield most;
      }
      case "kernels" -> kernel(model, parts);
      default -> new ExpectedCosts(rows, model).of(parts, from);
    };
  }

  private int best(String model, String key, int sign) {
    int best = 1;
    for (int i = 1; i <= epochs(model); i++) {
      double value = sign * epoch(model, i).get(key).asDouble();
      if (value > sign * epoch(model, best).get(key).asDouble()) {
        best = i;
      }
    }
    return best;
  }

  private double ofClass(String model, int label, String what) throws IOException {
    JsonNode counts = artifact(model, "confusion.json").get("counts");
    double all = 0;
    for (int other = 0; other < counts.size(); other++) {
      all +=
          what.equals("recall")
              ? counts.get(label).get(other).asDouble()
              : counts.get(other).get(label).asDouble();
    }
    return counts.get(label).get(label).asDouble() / all;
  }

  /** Ends of the colour scales, and the weights at the middle position of the first image. */
  private double kernel(String model, String[] parts) throws IOException {
    int layer = Integer.parseInt(parts[3]);
    List<Double> sums = new ArrayList<>();
    double most = 0;
    for (JsonNode prediction : predictions(model)) {
      JsonNode map = prediction.get("layers").get(layer);
      float[] values = floats(map);
      int positions = map.get("height").asInt() * map.get("width").asInt();
      int middle =
          map.get("height").asInt() / 2 * map.get("width").asInt() + map.get("width").asInt() / 2;
      for (int at = 0; at < positions; at++) {
        double sum = 0;
        for (int tap = 0; tap < 9; tap++) {
          sum += values[tap * positions + at];
        }
        sums.add(sum);
      }
      for (int tap = 0; tap < 9; tap++) {
        most = Math.max(most, Math.abs(values[tap * positions + middle]));
      }
    }
    sums.sort(null);
    int beyond = (int) (0.02 * sums.size());
    return switch (parts[4]) {
      case "sum_from" -> sums.get(beyond);
      case "sum_to" -> sums.get(sums.size() - 1 - beyond);
      case "weight_from" -> -most;
      case "weight_to" -> most;
      default -> {
        JsonNode map = predictions(model).get(0).get("layers").get(layer);
        int side = map.get("width").asInt();
        int tap = 3 * Integer.parseInt(parts[6]) + Integer.parseInt(parts[7]);
        yield floats(map)[tap * side * side + side / 2 * side + side / 2];
      }
    };
  }

  private static float[] floats(JsonNode map) {
    FloatBuffer buffer =
        ByteBuffer.wrap(Base64.getDecoder().decode(map.get("values").asText()))
            .order(ByteOrder.LITTLE_ENDIAN)
            .asFloatBuffer();
    float[] values = new float[buffer.remaining()];
    buffer.get(values);
    return values;
  }

  private JsonNode predictions(String model) throws IOException {
    return artifact(model, "predictions.json").get("predictions");
  }

  private JsonNode artifact(String model, String name) throws IOException {
    return file(model + "/artifacts/" + name);
  }

  private JsonNode file(String name) throws IOException {
    if (!files.containsKey(name)) {
      files.put(name, mapper.readTree(run.resolve(name).toFile()));
    }
    return files.get(name);
  }

  private double accuracy(String model) {
    return record.at("/results/" + model + "/test_accuracy").asDouble();
  }

  private double parameters(String model) {
    return record.at("/results/" + model + "/parameters/trainable").asDouble()
        + record.at("/results/" + model + "/parameters/non_trainable").asDouble();
  }

  private double flops(String model) throws IOException {
    double flops = 0;
    for (JsonNode layer : artifact(model, "network.json").get("layers")) {
      flops += layer.get("flops").asDouble();
    }
    return flops;
  }

  private long epochs(String model) {
    return epochRows(model).count();
  }

  private JsonNode epoch(String model, int epoch) {
    return epochRows(model)
        .filter(row -> row.get("epoch").asInt() == epoch)
        .findFirst()
        .orElseThrow();
  }

  private Stream<JsonNode> epochRows(String model) {
    return rows.stream()
        .filter(row -> row.get("type").asText().equals("epoch"))
        .filter(row -> row.get("model").asText().equals(model));
  }

  private static double number(JsonNode node, String from) {
    if (node == null || !node.isNumber()) {
      throw new IllegalArgumentException("no number at " + from);
    }
    return node.asDouble();
  }
}
