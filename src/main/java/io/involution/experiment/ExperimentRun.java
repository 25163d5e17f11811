package io.involution.experiment;

import io.involution.experiment.CellAttempt.Tools;
import io.involution.failure.InputException;
import io.involution.failure.Places;
import io.involution.run.Claim;
import io.involution.run.Claims;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;

/**
 * Runs the cells of an experiment that are not complete: in parallel if the cluster has room, and
 * each only once, however many processes run the same experiment at the same time.
 */
public final class ExperimentRun {
  private static final long POLL_MILLIS = 500;

  private final Plan plan;
  private final ExperimentFolder folder;
  private final Ledger ledger;
  private final LedgerCopy copy;
  private final CellTrainer trainer;
  private final Limits limits;
  private final Progress progress;
  private final Claims claims;

  private final Map<CellAttempt, Claim> running = new ConcurrentHashMap<>();

  /** Cells that this process has tried, or found complete. */
  private final Set<Cell> settled = ConcurrentHashMap.newKeySet();

  private final Semaphore tickets;

  /**
   * Prepares the experiment's run in this process.
   *
   * @param plan its cells
   * @param folder the experiment's folder
   * @param trainer trains the cells
   * @param limits limits of this process
   * @param progress prints progress messages
   */
  public ExperimentRun(
      Plan plan, ExperimentFolder folder, CellTrainer trainer, Limits limits, Progress progress) {
    this(plan, folder, trainer, limits, progress, LedgerCopy.LATER);
  }

  /** The same with something that runs work after a while. */
  ExperimentRun(
      Plan plan,
      ExperimentFolder folder,
      CellTrainer trainer,
      Limits limits,
      Progress progress,
      Executor later) {
    this.plan = plan;
    this.folder = folder;
    this.ledger = new Ledger(folder);
    this.copy = new LedgerCopy(this::join, later);
    this.trainer = trainer;
    this.limits = limits;
    this.progress = progress;
    this.claims = new Claims(folder.files());
    this.tickets = new Semaphore(limits.cells());
  }

  /**
   * Runs the cells that are missing or have failed.
   *
   * @return the ledger's rows at the end
   */
  public List<LedgerRow> run() {
    folder.open(plan);
    List<Cell> open = open();
    progress.begins(folder.location(), plan.cells().size() - open.size(), open.size());
    int slots = slots();
    progress.room(slots, open);
    try (CellLanes lanes = new CellLanes(slots, plan.matrix().parallel())) {
      pass(open, lanes);
      takeOver(open, lanes);
    } finally {
      claims.close();
      copy.now();
    }
    return ledger.join(plan.pending());
  }

  /** Those that may come count too, unless there is no limit at all to the cells side by side. */
  private int slots() {
    int most = trainer.mostSlots();
    boolean endless = most == Integer.MAX_VALUE && plan.matrix().parallel().isEmpty();
    return endless ? trainer.slots() : most;
  }

  /** Only for readers of the file while cells run: it is joined once more at the end. */
  private void join() {
    if (!trainer.isClosing()) {
      tried(() -> ledger.join(plan.pending()));
    }
  }

  /** Records, before the process ends, which cells were running. */
  public void interrupt() {
    running.forEach(
        (attempt, claim) -> {
          tried(attempt::interrupt);
          tried(() -> claims.end(claim));
        });
    ledger.join(plan.pending());
  }

  /** What fails for one cell, such as one that another start has taken over, stops no other. */
  private void tried(Runnable step) {
    try {
      step.run();
      // Hadoop throws an error when a disk is full.
    } catch (RuntimeException | Error e) {
      progress.line("warning: " + Places.reason(e));
    }
  }

  private List<Cell> open() {
    List<LedgerRow> rows = ledger.rows(plan.pending());
    List<Cell> open = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      Cell cell = plan.cells().get(i);
      if (!isDone(cell, rows.get(i))) {
        open.add(cell);
      }
    }
    return open;
  }

  private boolean isDone(Cell cell, LedgerRow row) {
    return row.state() == CellState.DONE && folder.isComplete(cell);
  }

  /** Tries every cell once; cells claimed by another process stay unsettled. */
  private void pass(List<Cell> cells, CellLanes lanes) {
    for (Cell cell : cells) {
      if (mayBegin() && !settled.contains(cell)) {
        lanes.run(cell.facts().slots(), () -> attempt(cell));
      }
    }
    lanes.await();
  }

  /**
   * Waits long enough to see whether the other processes are alive; takes over the cells of dead
   * ones.
   */
  private void takeOver(List<Cell> cells, CellLanes lanes) {
    long end = System.nanoTime() + claims.patience().toNanos() * 5 / 4;
    Set<Cell> others = others(cells);
    if (!others.isEmpty() && mayBegin()) {
      progress.line(
          String.format(
              Locale.ROOT,
              "%d cells are claimed by another start: waiting up to %d s to see whether it is"
                  + " alive",
              others.size(),
              claims.patience().toSeconds() * 5 / 4));
    }
    while (!others.isEmpty() && mayBegin() && System.nanoTime() < end) {
      sleep();
      pass(List.copyOf(others), lanes);
      others = others(cells);
    }
  }

  private Set<Cell> others(List<Cell> cells) {
    Set<Cell> others = new LinkedHashSet<>(cells);
    others.removeAll(settled);
    return others;
  }

  private boolean mayBegin() {
    return !limits.deadline().isOver() && tickets.availablePermits() > 0 && !trainer.isClosing();
  }

  private void attempt(Cell cell) {
    if (!mayBegin()) {
      return;
    }
    Optional<Claim> taken = claims.take(cell.id());
    if (taken.isEmpty()) {
      return;
    }
    settled.add(cell);
    Claim claim = taken.get();
    try {
      // Check again: another process may have completed it since the first check.
      Optional<LedgerRow> known = ledger.row(cell.id());
      boolean done = known.map(row -> isDone(cell, row)).orElse(false);
      if (!done && tickets.tryAcquire()) {
        work(cell, claim, known.map(LedgerRow::attempts).orElse(0));
      }
    } catch (InputException e) {
      progress.givenUp(cell, e.getMessage());
    } finally {
      // A process that is ending keeps its claim, since the result may be wrong: others see that it
      // has ended.
      if (!trainer.isClosing()) {
        claims.end(claim);
      }
    }
  }

  private void work(Cell cell, Claim claim, int before) {
    LedgerRow known = LedgerRow.pending(plan, cell, before);
    CellAttempt attempt =
        new CellAttempt(new Tools(folder, ledger, trainer, progress), cell, claim, known);
    running.put(attempt, claim);
    try {
      attempt.run(plan.matrix().retries(), limits.deadline());
      copy.soon();
    } finally {
      running.remove(attempt);
    }
  }

  private static void sleep() {
    try {
      Thread.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for another start", e);
    }
  }
}
