package io.involution.report.run;

import io.involution.metrics.WorkerRow;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One worker's totals over all rounds of a network.
 *
 * @param worker from 0
 * @param hosts where it ran
 * @param executors the executors' IDs
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

  /** The totals of all workers of a network; none if its trainer does not report times. */
  public static List<WorkerTotals> of(ModelData model) {
    return model.workers().stream()
        .filter(WorkerRow::timed)
        .collect(Collectors.groupingBy(WorkerRow::worker, TreeMap::new, Collectors.toList()))
        .entrySet()
        .stream()
        .map(entry -> sum(entry.getKey(), entry.getValue()))
        .toList();
  }

  /** Training examples per second of local steps; null without any. */
  public Double examplesPerSecond() {
    return steps > 0 ? Double.valueOf(examples / steps) : null;
  }

  private static WorkerTotals sum(int worker, List<WorkerRow> rows) {
    return new WorkerTotals(
        worker,
        names(rows, WorkerRow::host),
        names(rows, WorkerRow::executor),
        names(rows, WorkerRow::device),
        rows.stream().mapToLong(WorkerRow::examples).sum(),
        rows.stream().mapToDouble(row -> row.seconds().steps()).sum(),
        rows.stream().mapToDouble(row -> row.seconds().total()).sum(),
        rows.size());
  }

  private static List<String> names(List<WorkerRow> rows, Function<WorkerRow, String> name) {
    TreeSet<String> names = new TreeSet<>();
    rows.forEach(row -> names.add(name.apply(row) == null ? "unknown" : name.apply(row)));
    return List.copyOf(names);
  }
}
