package io.involution.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the wall time of a model's rounds went, in mean seconds a round. The parts add up to the
 * whole: what a round's slowest worker did, and what the driver and Spark did around it.
 *
 * @param rounds number of rounds that were averaged over, the first epoch's left out where there
 *     are others
 * @param workers number of workers
 * @param broadcast making the model state available
 * @param receive the slowest worker's wait for the model state
 * @param steps its local steps
 * @param copy its copying of the state into the network and out of it
 * @param schedule what is left of the tasks' time: scheduling, serializing, collecting the updates
 * @param average what is left of averaging when all the updates are there
 * @param straggler the worker for whom the others wait
 */
public record RoundCosts(
    int rounds,
    int workers,
    double broadcast,
    double receive,
    double steps,
    double copy,
    double schedule,
    double average,
    Straggler straggler) {

  /** Mean seconds of a round. */
  public double total() {
    return steps + overhead();
  }

  /** Mean seconds of a round beyond its local steps. */
  public double overhead() {
    return broadcast + receive + copy + schedule + average;
  }

  /**
   * Adds up the rows of a model.
   *
   * @param rows all rows of metrics.jsonl, in order
   * @param model the network's name
   * @return null where no round of the model has a row, as with the dl4j-spark trainer
   */
  public static RoundCosts of(List<JsonNode> rows, String model) {
    List<JsonNode> rounds = new ArrayList<>();
    List<List<JsonNode>> workers = new ArrayList<>();
    List<JsonNode> ofRound = new ArrayList<>();
    for (JsonNode row : rows) {
      if (!row.path("model").asText().equals(model)) {
        continue;
      }
      String type = row.path("type").asText();
      if (type.equals("worker") && row.path("seconds").isObject()) {
        ofRound.add(row);
      } else if (type.equals("round")) {
        rounds.add(row);
        workers.add(ofRound);
        ofRound = new ArrayList<>();
      }
    }
    if (rounds.isEmpty()) {
      return null;
    }
    List<JsonNode> warm = warm(rounds);
    return mean(warm, workers.subList(rounds.size() - warm.size(), rounds.size()));
  }

  private static List<JsonNode> warm(List<JsonNode> rounds) {
    List<JsonNode> later =
        rounds.stream().filter(round -> round.path("epoch").asInt() > 1).toList();
    return later.isEmpty() ? rounds : later;
  }

  private static RoundCosts mean(List<JsonNode> rounds, List<List<JsonNode>> workers) {
    double broadcast = 0;
    double receive = 0;
    double steps = 0;
    double copy = 0;
    double schedule = 0;
    double average = 0;
    for (int i = 0; i < rounds.size(); i++) {
      JsonNode driver = rounds.get(i).path("seconds");
      JsonNode worker = slowest(workers.get(i));
      broadcast += driver.path("broadcast").asDouble();
      average += driver.path("average").asDouble();
      receive += seconds(worker, "receive");
      steps += seconds(worker, "steps");
      copy += seconds(worker, "load") + seconds(worker, "extract");
      schedule += driver.path("workers").asDouble() - workerSeconds(worker);
    }
    int count = rounds.size();
    return new RoundCosts(
        count,
        workers.stream().mapToInt(List::size).max().orElse(0),
        broadcast / count,
        receive / count,
        steps / count,
        copy / count,
        schedule / count,
        average / count,
        Straggler.of(workers));
  }

  /** The one whose round took longest as a whole, the first of several. */
  private static JsonNode slowest(List<JsonNode> workers) {
    JsonNode slow = workers.get(0);
    for (JsonNode row : workers) {
      slow = workerSeconds(row) > workerSeconds(slow) ? row : slow;
    }
    return slow;
  }

  private static double workerSeconds(JsonNode row) {
    return seconds(row, "receive")
        + seconds(row, "load")
        + seconds(row, "steps")
        + seconds(row, "extract");
  }

  private static double seconds(JsonNode row, String phase) {
    return row.path("seconds").path(phase).asDouble();
  }
}
