package io.involution.spark.classify;

import io.involution.metrics.Durations;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Counts the partitions that are done, and says so from time to time. */
final class ClassifyProgress {
  private static final long INTERVAL = Duration.ofSeconds(5).toNanos();

  private final int partitions;
  private final Consumer<String> lines;
  private final long start = System.nanoTime();
  private long shown = start;
  private int done;
  private int before;
  private long rows;
  private long rowsBefore;
  private long unreadable;
  private final TreeMap<Integer, List<String>> errors = new TreeMap<>();

  /**
   * Starts to count.
   *
   * @param partitions number of all partitions
   * @param finished those that are done already
   * @param lines receives the lines
   */
  ClassifyProgress(int partitions, Collection<Part> finished, Consumer<String> lines) {
    this.partitions = partitions;
    this.lines = lines;
    finished.forEach(this::count);
    before = done;
    rowsBefore = rows;
  }

  private void count(Part part) {
    done++;
    rows += part.rows();
    unreadable += part.unreadable();
    if (!part.errors().isEmpty()) {
      errors.put(part.part(), part.errors());
      if (errors.size() > Part.NAMED) {
        errors.pollLastEntry();
      }
    }
  }

  /** A partition is done. */
  synchronized void add(Part part) {
    count(part);
    long now = System.nanoTime();
    if (now - shown >= INTERVAL && done < partitions) {
      shown = now;
      double seconds = (now - start) / 1e9;
      double left = seconds / (done - before) * (partitions - done);
      lines.accept(
          String.format(
              Locale.ROOT,
              "partition %d/%d  %,d images  %,.0f images/s  ETA %s",
              done,
              partitions,
              rows,
              (rows - rowsBefore) / seconds,
              Durations.clock(left)));
    }
  }

  /** What there is in the end. */
  synchronized String summary(String place) {
    double seconds = (System.nanoTime() - start) / 1e9;
    String speed =
        rows == rowsBefore
            ? "nothing was left to do"
            : String.format(
                Locale.ROOT,
                "%s, %,.0f images/s",
                Durations.words(seconds),
                (rows - rowsBefore) / seconds);
    return String.format(
        Locale.ROOT,
        "%,d images in %s%s (%s)",
        rows,
        place,
        unreadable == 0 ? "" : String.format(Locale.ROOT, ", %,d of them unreadable", unreadable),
        speed);
  }

  /** Which images cannot be read; empty if all can. */
  synchronized Optional<String> warning() {
    List<String> named = errors.values().stream().flatMap(List::stream).limit(Part.NAMED).toList();
    return unreadable == 0
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "warning: %,d of %,d images cannot be read: %s%s",
                unreadable,
                rows,
                String.join("; ", named),
                unreadable > named.size() ? "; ... (column error)" : ""));
  }
}
