package io.involution.metrics;

import io.involution.metrics.MetricsFolder.Part;
import io.involution.train.EpochOutcome;
import io.involution.train.Journal;
import io.involution.train.RoundOutcome;
import io.involution.train.WorkerReport;
import io.involution.train.time.Round;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes the rows of one model's training as they come, one part per epoch. */
public final class MetricsJournal implements Journal {
  private final String model;
  private final MetricsFolder folder;
  private final List<String> lines = new ArrayList<>();
  private final Map<String, String> parts = new LinkedHashMap<>();

  /**
   * A journal of a training that starts.
   *
   * @param model the network's name
   * @param folder where the parts go
   */
  public MetricsJournal(String model, MetricsFolder folder) {
    this.model = model;
    this.folder = folder;
  }

  /**
   * Takes over what an earlier attempt has written.
   *
   * @param rows rows of the current epoch
   * @param digests of the parts of the earlier epochs, by name
   */
  public void goOn(List<String> rows, Map<String, String> digests) {
    lines.addAll(rows);
    parts.putAll(digests);
  }

  /** The rows of the current epoch; a live view. */
  public List<String> rows() {
    return lines;
  }

  /** The digests of the parts of the finished epochs, by name; a live view. */
  public Map<String, String> parts() {
    return parts;
  }

  @Override
  public void roundEnded(Round round, RoundOutcome outcome) {
    for (WorkerReport report : outcome.reports()) {
      lines.add(Json.line(WorkerRow.of(model, round, report, outcome.bytesSent())));
    }
    lines.add(Json.line(RoundRow.of(model, round, outcome, folder.attempt())));
  }

  @Override
  public void workersUnknown(int epoch, List<Integer> examples) {
    for (int worker = 0; worker < examples.size(); worker++) {
      lines.add(Json.line(WorkerRow.unknown(model, epoch, worker, examples.get(worker))));
    }
  }

  @Override
  public void epochEnded(EpochOutcome outcome) {
    lines.add(Json.line(EpochRow.of(model, outcome)));
    Part part = folder.writePart(model, outcome.epoch(), lines);
    parts.put(part.name(), part.sha256());
    lines.clear();
  }
}
