package io.involution.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** What a page says about the cluster, worked out anew from the rows of a network. */
final class ExpectedCosts {
  private final List<JsonNode> rounds;
  private final List<JsonNode> workers;
  private final List<JsonNode> epochs;

  ExpectedCosts(List<JsonNode> rows, String model) {
    List<JsonNode> mine =
        rows.stream().filter(row -> row.get("model").asText().equals(model)).toList();
    rounds = ofType(mine, "round");
    workers = ofType(mine, "worker");
    epochs = ofType(mine, "epoch");
  }

  double of(String[] parts, String from) {
    return switch (parts[2]) {
      case "phase" -> phase(Integer.parseInt(parts[3]));
      case "rounds" -> rounds.size();
      case "bytes_to_workers" -> 4 * sum(rounds, row -> row.get("bytes_sent").asDouble());
      case "bytes_to_driver" -> sum(rounds, row -> row.get("bytes_received").asDouble());
      case "skew" -> skew();
      case "straggler" -> straggler();
      case "worker" -> worker(Integer.parseInt(parts[3]), parts[4]);
      default -> throw new IllegalArgumentException(from);
    };
  }

  private double phase(int phase) {
    List<JsonNode> warm = rounds.stream().filter(row -> row.get("epoch").asInt() > 1).toList();
    double seconds =
        switch (phase) {
          case 0 -> sum(warm, round -> slowest(round).at("/seconds/steps").asDouble());
          case 1 ->
              sum(
                  warm,
                  round ->
                      seconds(slowest(round)) - slowest(round).at("/seconds/steps").asDouble());
          case 2 -> sum(warm, round -> round.at("/seconds/broadcast").asDouble());
          case 3 ->
              sum(warm, round -> round.at("/seconds/workers").asDouble() - seconds(slowest(round)));
          case 4 -> sum(warm, round -> round.at("/seconds/average").asDouble());
          default ->
              sum(
                  epochs.subList(1, epochs.size()),
                  epoch -> epoch.get("evaluate_seconds").asDouble());
        };
    return 1000 * seconds / warm.size();
  }

  private double skew() {
    double sum = 0;
    for (JsonNode round : rounds) {
      List<JsonNode> ofRound = workersOf(round);
      double most = ofRound.stream().mapToDouble(ExpectedCosts::steps).max().orElseThrow();
      sum += most / (sum(ofRound, ExpectedCosts::steps) / ofRound.size()) - 1;
    }
    return sum / rounds.size();
  }

  /** Who was slowest most often after the first epoch, the first of those who were to be so. */
  private double straggler() {
    Map<Integer, Integer> times = new TreeMap<>();
    int straggler = -1;
    for (JsonNode round : rounds) {
      if (round.get("epoch").asInt() > 1) {
        int slowest = round.get("slowest_worker").asInt();
        if (times.merge(slowest, 1, Integer::sum) > times.getOrDefault(straggler, 0)) {
          straggler = slowest;
        }
      }
    }
    return straggler;
  }

  private double worker(int worker, String what) {
    List<JsonNode> mine =
        workers.stream().filter(row -> row.get("worker").asInt() == worker).toList();
    double examples = sum(mine, row -> row.get("examples").asDouble());
    return switch (what) {
      case "examples" -> examples;
      case "examples_per_second" ->
          examples / sum(mine, row -> row.at("/seconds/steps").asDouble());
      default -> sum(mine, ExpectedCosts::seconds) / mine.size();
    };
  }

  private JsonNode slowest(JsonNode round) {
    return workersOf(round).stream()
        .max((a, b) -> Double.compare(seconds(a), seconds(b)))
        .orElseThrow();
  }

  private List<JsonNode> workersOf(JsonNode round) {
    return workers.stream()
        .filter(row -> row.get("epoch").equals(round.get("epoch")))
        .filter(row -> row.get("round").equals(round.get("round")))
        .toList();
  }

  private static double steps(JsonNode worker) {
    return worker.at("/seconds/steps").asDouble();
  }

  private static double seconds(JsonNode worker) {
    JsonNode seconds = worker.get("seconds");
    return seconds.get("receive").asDouble()
        + seconds.get("load").asDouble()
        + seconds.get("steps").asDouble()
        + seconds.get("extract").asDouble();
  }

  private static List<JsonNode> ofType(List<JsonNode> rows, String type) {
    return rows.stream().filter(row -> row.get("type").asText().equals(type)).toList();
  }

  private static double sum(List<JsonNode> rows, ToDoubleFunction<JsonNode> value) {
    return rows.stream().mapToDouble(value).sum();
  }
}
