package io.involution.driver.journal;

import io.involution.config.TrainOptions;
import io.involution.metrics.ArtifactFolder;
import io.involution.metrics.EpochRow;
import io.involution.metrics.MetricsFolder;
import io.involution.metrics.MetricsJournal;
import io.involution.model.ModelFile;
import io.involution.model.ModelMetadata;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.state.GraphState;
import io.involution.model.state.ModelState;
import io.involution.run.BestModel;
import io.involution.run.Checkpoint;
import io.involution.run.RunFolder;
import io.involution.train.Journal;
import io.involution.train.time.Ending;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** What the training of one network writes to the run's folder, in addition to its checkpoints. */
public final class ModelOutputs {
  private final RunFolder folder;
  private final String model;
  private final MetricsFolder metrics;
  private final MetricsJournal rows;
  private final BestModel best;
  private final ArtifactFolder artifacts;

  /** The epochs that earlier attempts trained. */
  private final List<EpochRow> before;

  /**
   * Keeps what the last checkpoint accounts for, and deletes the rows after it.
   *
   * @param folder the run's folder
   * @param model the network's name
   * @param classNames the classes, in label order
   * @param last the checkpoint that training resumes from
   * @throws io.involution.failure.InputException when a file of the earlier attempt is damaged
   */
  public ModelOutputs(
      RunFolder folder, String model, List<String> classNames, Optional<Checkpoint> last) {
    this.folder = folder;
    this.model = model;
    this.metrics = new MetricsFolder(folder);
    this.rows = new MetricsJournal(model, metrics);
    this.best = new BestModel(folder, model);
    this.artifacts = new ArtifactFolder(folder, model, classNames);
    metrics.keepOnly(model, last.map(known -> known.parts().keySet()).orElse(Set.of()));
    last.ifPresent(known -> rows.goOn(known.rows(), known.parts()));
    this.before = epochs(last.map(known -> known.point().position().epochs()).orElse(0));
    remember(before, best);
  }

  /**
   * Makes sure that a run can be resumed from a checkpoint, without changing anything.
   *
   * @throws io.involution.failure.InputException when a file of the earlier attempt is damaged
   */
  static void check(RunFolder folder, String model, Checkpoint last) {
    int epochs = last.point().position().epochs();
    remember(
        new MetricsFolder(folder).check(model, epochs, last.parts().keySet(), last.rows()),
        new BestModel(folder, model));
  }

  /** Fails now rather than after the last epoch. */
  private static void remember(List<EpochRow> rows, BestModel best) {
    rows.forEach(row -> best.remember(row.epoch(), row.validationAccuracy()));
    best.check();
  }

  /** The journals that write the training's outputs. */
  public List<Journal> journals() {
    return List.of(rows, artifacts, best);
  }

  /** The metrics written so far. */
  public MetricsJournal rows() {
    return rows;
  }

  /** What the report draws in addition to the metrics. */
  public ArtifactFolder artifacts() {
    return artifacts;
  }

  /** When training ends, as the options say, given the epochs before. */
  public Ending ending(TrainOptions options) {
    Ending ending = new Ending(options.epochs(), options.patience());
    for (EpochRow row : before) {
      if (row.validationAccuracy() != null) {
        ending.saw(row.epoch(), row.validationAccuracy());
      }
    }
    return ending;
  }

  /** The rows of the first epochs. */
  public List<EpochRow> epochs(int count) {
    return metrics.epochs(model, count);
  }

  /**
   * Writes {@code model.zip}.
   *
   * @param blueprint the network
   * @param graph the same, built; holds the saved model afterwards
   * @param end model state at the end of training, saved unless validation has chosen a better one
   * @param metadata what else the file says
   */
  public void saveModel(
      NetworkBlueprint blueprint, ComputationGraph graph, ModelState end, ModelMetadata metadata) {
    GraphState.restore(graph, best.state().orElse(end));
    folder.write(model + "/model.zip", ModelFile.write(graph, blueprint.saved(graph), metadata));
  }
}
