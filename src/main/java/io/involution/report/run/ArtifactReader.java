package io.involution.report.run;

import com.fasterxml.jackson.databind.JsonNode;
import io.involution.failure.InputException;
import io.involution.metrics.Json;
import io.involution.run.RunFolder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads {@code MODEL/artifacts}. */
final class ArtifactReader {
  private final RunFolder folder;
  private final String path;

  ArtifactReader(RunFolder folder, String model) {
    this.folder = folder;
    this.path = model + "/artifacts/";
  }

  /**
   * All of them.
   *
   * @throws InputException naming a file that is damaged
   */
  ModelArtifacts read() {
    return new ModelArtifacts(
        classes(),
        one("network.json", Layers::of),
        one("confusion.json", ArtifactReader::confusion),
        one("mistakes.json", ArtifactReader::mistakes).orElse(List.of()),
        one("samples.json", node -> pictures(node.path("train"))).orElse(List.of()),
        one("predictions.json", ArtifactReader::predictions).orElse(List.of()));
  }

  private List<String> classes() {
    for (String name : List.of("confusion.json", "samples.json", "predictions.json")) {
      Optional<List<String>> classes =
          one(name, node -> list(node.path("classes"), JsonNode::asText));
      if (classes.isPresent()) {
        return classes.get();
      }
    }
    return List.of();
  }

  private <T> Optional<T> one(String name, Function<JsonNode, T> reader) {
    Optional<byte[]> bytes = folder.read(path + name);
    if (bytes.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(reader.apply(Json.tree(bytes.get())));
    } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new InputException(
          folder.location() + "/" + path + name + " is damaged: run train again", e);
    }
  }

  private static Confusion confusion(JsonNode node) {
    JsonNode epoch = node.path("epoch");
    return new Confusion(
        epoch.isInt() ? epoch.asInt() : null,
        list(node.path("counts"), row -> list(row, JsonNode::asLong)));
  }

  private static List<Mistake> mistakes(JsonNode node) {
    return list(
        node.path("mistakes"),
        mistake ->
            new Mistake(
                Picture.of(mistake),
                mistake.path("prediction").asInt(),
                mistake.path("probability").asDouble()));
  }

  private static List<Picture> pictures(JsonNode samples) {
    return list(samples, Picture::of);
  }

  private static List<Prediction> predictions(JsonNode node) {
    List<Picture> pictures = pictures(node.path("test"));
    List<Prediction> predictions = new ArrayList<>();
    for (JsonNode prediction : node.path("predictions")) {
      predictions.add(
          new Prediction(
              pictures.get(predictions.size()),
              list(prediction.path("probabilities"), JsonNode::asDouble),
              list(prediction.path("layers"), KernelMap::of)));
    }
    return predictions;
  }

  private static <T> List<T> list(JsonNode array, Function<JsonNode, T> reader) {
    List<T> list = new ArrayList<>();
    array.forEach(node -> list.add(reader.apply(node)));
    return List.copyOf(list);
  }
}
