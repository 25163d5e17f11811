package io.involution.report.run;

import io.involution.metrics.Straggler;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One worker's figures over all rounds of a network.
 *
 * @param worker from 0
 * @param hosts where it ran
 * @param executors the executors' ids
 * @param devices what computed
 * @param examples training examples used
 * @param steps seconds of local steps
 * @param seconds seconds of its rounds as a whole
 * @param rounds how many
 */
public record WorkerTotals(
    int worker,
    List<String> hosts,
    List<String> executors,
    List<String> devices,
    long examples,
    double steps,
    double seconds,
    int rounds) {

  /** Those of all the workers of a network; none where its trainer does not tell. */
  public static List<WorkerTotals> of(ModelData model) {
    Map<Integer, List<WorkerPoint>> byWorker = new TreeMap<>();
    for (WorkerPoint point : model.workers()) {
      if (point.timed()) {
        byWorker.computeIfAbsent(point.worker(), key -> new ArrayList<>()).add(point);
      }
    }
    return byWorker.entrySet().stream().map(e -> sum(e.getKey(), e.getValue())).toList();
  }

  /** Training examples a second of local steps; null without any. */
  public Double examplesPerSecond() {
    return steps > 0 ? Double.valueOf(examples / steps) : null;
  }

  /**
   * How much longer the slowest worker of a round takes for its local steps than the mean one, as a
   * share of the mean, in the mean over all rounds; null where the trainer does not tell.
   */
  public static Double skew(ModelData model) {
    Map<List<Integer>, List<Double>> byRound = new LinkedHashMap<>();
    for (WorkerPoint point : model.workers()) {
      if (point.timed()) {
        byRound
            .computeIfAbsent(List.of(point.epoch(), point.round()), key -> new ArrayList<>())
            .add(point.steps());
      }
    }
    double sum = 0;
    for (List<Double> seconds : byRound.values()) {
      sum += Straggler.skew(seconds.stream().mapToDouble(Double::doubleValue).toArray()) - 1;
    }
    return byRound.isEmpty() ? null : Double.valueOf(sum / byRound.size());
  }

  private static WorkerTotals sum(int worker, List<WorkerPoint> points) {
    return new WorkerTotals(
        worker,
        names(points.stream().map(WorkerPoint::host).toList()),
        names(points.stream().map(WorkerPoint::executor).toList()),
        names(points.stream().map(WorkerPoint::device).toList()),
        points.stream().mapToLong(WorkerPoint::examples).sum(),
        points.stream().mapToDouble(WorkerPoint::steps).sum(),
        points.stream().mapToDouble(WorkerPoint::seconds).sum(),
        points.size());
  }

  private static List<String> names(List<String> names) {
    return List.copyOf(new TreeSet<>(names));
  }
}
