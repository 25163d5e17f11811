package io.involution.experiment;

import io.involution.metrics.Durations;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Prints an experiment's progress: one line when a cell starts and one when it ends. */
public final class Progress {
  private final Plan plan;
  private final PrintStream out;
  private final long begin = System.nanoTime();

  /** The IDs of cells, each once, however often it is retried. */
  private final Set<String> running = ConcurrentHashMap.newKeySet();

  private final AtomicInteger ended = new AtomicInteger();
  private int open;

  /**
   * Creates the progress output of an experiment.
   *
   * @param plan its cells
   * @param out receives the lines
   */
  public Progress(Plan plan, PrintStream out) {
    this.plan = plan;
    this.out = out;
  }

  /** Prints the work to be done. */
  void begins(String location, int complete, int toDo) {
    open = toDo;
    line(
        String.format(
            Locale.ROOT,
            "experiment %s: %d cells, %d complete, %d to run",
            plan.matrix().name(),
            plan.cells().size(),
            complete,
            toDo));
    line("outputs in " + location);
  }

  /** Prints how many cells run side by side if that is fewer than were asked for. */
  void room(int slots, List<Cell> cells) {
    int least = cells.stream().mapToInt(cell -> cell.facts().slots()).min().orElse(1);
    int room = Math.max(1, slots / Math.max(1, least));
    int wanted = plan.matrix().parallel().orElse(0);
    if (Math.min(wanted, cells.size()) > room) {
      line(
          String.format(
              Locale.ROOT,
              "parallel is %d, but %d task slots have room for %d: ask for more executors",
              wanted,
              slots,
              room));
    }
  }

  void started(Cell cell, int attempt) {
    running.add(cell.id());
    String again = attempt > 1 ? ", attempt " + attempt : "";
    line(String.format(Locale.ROOT, "%s started: %s%s", cell.id(), plan.label(cell), again));
  }

  void ended(Cell cell, LedgerRow row) {
    running.remove(cell.id());
    int done = ended.incrementAndGet();
    line(
        String.format(
            Locale.ROOT,
            "%s %s after %s%s  [%d of %d, %d running, %s]",
            cell.id(),
            row.state().word(),
            Durations.words(row.seconds()),
            result(row),
            done,
            open,
            running.size(),
            left(done)));
  }

  /** Prints why another start goes on with a cell. */
  void givenUp(Cell cell, String why) {
    running.remove(cell.id());
    of(cell, "is left to another start: " + why);
  }

  /** Prints a progress message of a cell's training. */
  void of(Cell cell, String line) {
    line(cell.id() + " " + line);
  }

  /** Prints a line, never interleaved with those of other threads. */
  void line(String line) {
    synchronized (out) {
      out.println(line);
      out.flush();
    }
  }

  private String left(int done) {
    double seconds = (System.nanoTime() - begin) / 1e9;
    return done >= open
        ? "none left"
        : "about " + Durations.words(seconds / done * (open - done)) + " left";
  }

  private static String result(LedgerRow row) {
    if (row.state() != CellState.DONE || row.results() == null) {
      return row.error() == null ? "" : ": " + row.error();
    }
    StringBuilder text = new StringBuilder();
    row.results()
        .forEach(
            (model, result) ->
                text.append(text.isEmpty() ? ": " : ", ")
                    .append(
                        String.format(
                            Locale.ROOT, "%s test accuracy %.4f", model, result.testAccuracy())));
    return text.toString();
  }
}
