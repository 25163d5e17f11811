package io.involution.driver.journal;

import io.involution.config.TrainOptions;
import io.involution.driver.provenance.RunIdentity;
import io.involution.failure.Places;
import io.involution.metrics.MetricsFolder;
import io.involution.report.RunReport;
import io.involution.report.run.ModelData;
import io.involution.report.run.RunData;
import io.involution.run.RunFolder;
import io.involution.tracking.MlflowRun;
import io.involution.tracking.MlflowRun.End;
import io.involution.tracking.TensorBoard;
import io.involution.train.Journal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Who else is told how a training goes: TensorBoard by files, an MLflow server. */
public final class Trackers {
  /** How long a server may keep a run that has ended from ending. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** The same where a signal has come: a scheduler kills what does not stop. */
  private static final Duration IN_A_HURRY = Duration.ofSeconds(3);

  private static final List<String> UPLOADED =
      List.of(RunFolder.RECORD, MetricsFolder.ALL, RunFolder.REPORT + "/" + RunReport.INDEX);

  private final RunFolder folder;
  private final TrainOptions options;
  private final Consumer<String> warnings;
  private final Optional<MlflowRun> mlflow;

  public Trackers(RunFolder folder, TrainOptions options, Consumer<String> warnings) {
    this.folder = folder;
    this.options = options;
    this.warnings = warnings;
    this.mlflow =
        options
            .report()
            .mlflow()
            .map(
                address ->
                    MlflowRun.start(
                        address,
                        System.getenv(),
                        folder,
                        RunIdentity.shown(options, folder.location()),
                        warnings));
  }

  /** Those of one network. */
  public List<Journal> journals(String model) {
    List<Journal> journals = new ArrayList<>();
    if (options.report().tensorboard()) {
      journals.add(new TensorBoard(folder, model, warnings));
    }
    mlflow.ifPresent(run -> journals.add(run.journal(model)));
    return journals;
  }

  /** Tells them that all is trained and in the run's folder, its report too. */
  public void done() {
    if (options.report().tensorboard()) {
      try {
        pictures();
      } catch (RuntimeException e) {
        warnings.accept("warning: no pictures for TensorBoard: " + Places.reason(e));
      }
    }
    mlflow.ifPresent(
        run -> {
          run.upload(UPLOADED);
          run.end(End.FINISHED, PATIENCE);
        });
  }

  /** Tells them that the training failed. */
  public void failed() {
    mlflow.ifPresent(run -> run.end(End.FAILED, PATIENCE));
  }

  /** Tells them that the training was told to stop, and may be resumed. */
  public void stopped() {
    mlflow.ifPresent(run -> run.end(End.KILLED, IN_A_HURRY));
  }

  private void pictures() {
    for (ModelData model : RunData.read(folder).models()) {
      Map<String, byte[]> pictures = new LinkedHashMap<>();
      RunReport.pictures(model)
          .forEach((name, png) -> pictures.put(name.replaceAll("\\.png$", ""), png));
      new TensorBoard(folder, model.name(), warnings).images(options.epochs(), pictures);
    }
  }
}
