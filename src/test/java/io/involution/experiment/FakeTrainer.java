package io.involution.experiment;

import io.involution.config.TrainOptions;
import io.involution.metrics.RunRecord;
import io.involution.run.Deadline;
import io.involution.run.RunFolder;
import io.involution.run.RunFolder.Mode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;

/** Writes a run's folder without training; a test says what goes wrong. */
class FakeTrainer implements CellTrainer {
  /** Seeds of the cells that were trained, in order, each as often as it was. */
  final List<Long> trained = new CopyOnWriteArrayList<>();

  volatile Consumer<Cell> disturbance = cell -> {};

  /** Slots that there may be once cells wait for them. */
  volatile int mostSlots = 2;

  private final Configuration hadoop;

  FakeTrainer() {
    this(new Configuration());
  }

  /** Writes with these settings. */
  FakeTrainer(Configuration hadoop) {
    this.hadoop = hadoop;
  }

  @Override
  public CellFacts facts(TrainOptions options) {
    String seed = String.valueOf(options.seed());
    return new CellFacts(
        Map.of("seed", seed, "epochs", String.valueOf(options.epochs())),
        Map.of("model", options.model().word(), "seed", seed),
        Map.of("dataset", "none"),
        options.cluster().workers().orElse(1));
  }

  @Override
  public void train(Cell cell, String folder, Deadline deadline, Consumer<String> lines) {
    trained.add(cell.options().seed());
    disturbance.accept(cell);
    RunFolder run = RunFolder.take(folder, Mode.RESUME, hadoop);
    new RunRecord(run, cell.facts().identity()).done();
  }

  @Override
  public int slots() {
    return 2;
  }

  @Override
  public int mostSlots() {
    return mostSlots;
  }

  @Override
  public boolean isClosing() {
    return false;
  }
}
