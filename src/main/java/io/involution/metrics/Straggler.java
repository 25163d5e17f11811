package io.involution.metrics;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The worker that the others wait for.
 *
 * @param skew local-step time of a round's slowest worker divided by the average over the workers,
 *     averaged over the rounds
 * @param worker the one that was the slowest most often
 * @param host where it was the slowest last
 * @param slowest in how many rounds it was the slowest
 * @param rounds how many rounds there are
 */
public record Straggler(double skew, int worker, String host, int slowest, int rounds) {

  /**
   * The local-step time of a round's slowest worker divided by the average over the workers.
   *
   * @param steps seconds of local steps of each worker, at least one
   * @return at least 1; 1 if no steps took any time
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
   * @param rounds at least one
   */
  static Straggler of(List<RoundRow> rounds) {
    Map<Integer, Integer> times = new HashMap<>();
    Map<Integer, String> hosts = new HashMap<>();
    int most = -1;
    for (RoundRow round : rounds) {
      int worker = round.slowestWorker();
      hosts.put(worker, round.slowestHost());
      if (times.merge(worker, 1, Integer::sum) > times.getOrDefault(most, 0)) {
        most = worker;
      }
    }
    double skew = rounds.stream().mapToDouble(RoundRow::skew).sum() / rounds.size();
    return new Straggler(skew, most, hosts.get(most), times.get(most), rounds.size());
  }
}
