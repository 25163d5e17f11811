package io.involution.metrics;

import io.involution.train.EpochOutcome;
import io.involution.train.Journal;
import io.involution.train.Round;
import io.involution.train.RoundOutcome;
import io.involution.train.WorkerReport;
import java.util.ArrayList;
import java.util.List;

/** Writes the rows of one model's training as they come, an epoch a part. */
public final class MetricsJournal implements Journal {
  private final String model;
  private final MetricsFolder folder;
  private final List<String> lines = new ArrayList<>();

  /**
   * Sets the journal up.
   *
   * @param model the network's name
   * @param folder where the parts go
   */
  public MetricsJournal(String model, MetricsFolder folder) {
    this.model = model;
    this.folder = folder;
  }

  @Override
  public void roundEnded(Round round, RoundOutcome outcome) {
    for (WorkerReport report : outcome.reports()) {
      lines.add(Json.line(WorkerRow.of(model, round, report, outcome.bytesSent())));
    }
    lines.add(Json.line(RoundRow.of(model, round, outcome, folder.attempt())));
  }

  /** Notes workers of whom a trainer tells nothing but how many examples they have. */
  public void workersUnknown(int epoch, List<Integer> examples) {
    for (int worker = 0; worker < examples.size(); worker++) {
      lines.add(Json.line(WorkerRow.unknown(model, epoch, worker, examples.get(worker))));
    }
  }

  @Override
  public void epochEnded(EpochOutcome outcome) {
    lines.add(Json.line(EpochRow.of(model, outcome)));
    folder.writePart(model, outcome.epoch(), lines);
    lines.clear();
  }
}
