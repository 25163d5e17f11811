package io.involution.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The worker for whom the others wait.
 *
 * @param skew local steps' time of a round's slowest worker over that of the mean one, in the mean
 *     of the rounds
 * @param worker the one that was slowest most often
 * @param host where it was slowest last
 * @param slowest in how many rounds it was
 * @param rounds of how many
 */
public record Straggler(double skew, int worker, String host, int slowest, int rounds) {

  /**
   * How long the slowest worker of a round took for its local steps, relative to the mean worker.
   *
   * @param steps seconds of local steps of each worker, at least one
   * @return at least 1; 1 where none took any time
   */
  public static double skew(double... steps) {
    double sum = 0;
    double slowest = 0;
    for (double seconds : steps) {
      sum += seconds;
      slowest = Math.max(slowest, seconds);
    }
    return sum > 0 ? slowest * steps.length / sum : 1;
  }

  /**
   * Finds it.
   *
   * @param rounds the workers' rows of each round, at least one
   */
  static Straggler of(List<List<JsonNode>> rounds) {
    double skew = 0;
    Map<Integer, Integer> times = new HashMap<>();
    Map<Integer, String> hosts = new HashMap<>();
    int most = -1;
    for (List<JsonNode> workers : rounds) {
      JsonNode slow = workers.get(0);
      for (JsonNode row : workers) {
        slow = steps(row) > steps(slow) ? row : slow;
      }
      skew += skew(workers.stream().mapToDouble(Straggler::steps).toArray());
      int worker = slow.path("worker").asInt();
      hosts.put(worker, slow.path("host").asText("unknown"));
      if (times.merge(worker, 1, Integer::sum) > times.getOrDefault(most, 0)) {
        most = worker;
      }
    }
    return new Straggler(
        skew / rounds.size(), most, hosts.get(most), times.get(most), rounds.size());
  }

  private static double steps(JsonNode row) {
    return row.path("seconds").path("steps").asDouble();
  }
}
