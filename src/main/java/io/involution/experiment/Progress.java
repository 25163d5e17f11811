package io.involution.experiment;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/** Tells a person how an experiment goes: a line when a cell begins and one when it ends. */
public final class Progress {
  private final Plan plan;
  private final PrintStream out;
  private final long begin = System.nanoTime();
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger ended = new AtomicInteger();
  private int open;

  /**
   * Speaks of an experiment.
   *
   * @param plan its cells
   * @param out where lines go
   */
  public Progress(Plan plan, PrintStream out) {
    this.plan = plan;
    this.out = out;
  }

  /** Says what there is to do. */
  void begins(String location, int complete, int toDo) {
    open = toDo;
    line(
        "experiment %s: %d cells, %d complete, %d to run"
            .formatted(plan.matrix().name(), plan.cells().size(), complete, toDo));
    line("outputs in " + location);
  }

  void started(Cell cell, int attempt) {
    running.incrementAndGet();
    String again = attempt > 1 ? ", attempt " + attempt : "";
    line("%s begins: %s%s".formatted(cell.id(), plan.label(cell), again));
  }

  void ended(Cell cell, LedgerRow row) {
    running.decrementAndGet();
    int done = ended.incrementAndGet();
    line(
        "%s %s after %s%s  [%d of %d, %d running, %s]"
            .formatted(
                cell.id(),
                row.state().word(),
                time(row.seconds()),
                result(row),
                done,
                open,
                running.get(),
                left(done)));
  }

  /** Passes a line of a cell's training on. */
  void of(Cell cell, String line) {
    line(cell.id() + " " + line);
  }

  /** Prints a line whole, whoever else prints. */
  void line(String line) {
    synchronized (out) {
      out.println(line);
      out.flush();
    }
  }

  private String left(int done) {
    double seconds = (System.nanoTime() - begin) / 1e9;
    return done >= open ? "none left" : "about " + time(seconds / done * (open - done)) + " left";
  }

  private static String result(LedgerRow row) {
    if (row.state() != CellState.DONE || row.results() == null) {
      return row.error() == null ? "" : ": " + row.error();
    }
    StringBuilder text = new StringBuilder();
    row.results()
        .fields()
        .forEachRemaining(
            model ->
                text.append(text.isEmpty() ? ": " : ", ")
                    .append(model.getKey())
                    .append(
                        String.format(
                            Locale.ROOT,
                            " test accuracy %.4f",
                            model.getValue().path("test_accuracy").asDouble())));
    return text.toString();
  }

  private static String time(double seconds) {
    Duration time = Duration.ofMillis(Math.round(seconds * 1000));
    return time.toHours() > 0
        ? "%d:%02d h".formatted(time.toHours(), time.toMinutesPart())
        : time.toMinutes() > 0
            ? "%d:%02d min".formatted(time.toMinutes(), time.toSecondsPart())
            : String.format(Locale.ROOT, "%.1f s", seconds);
  }
}
