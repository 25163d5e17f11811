package io.involution.driver.journal;

import io.involution.config.TrainOptions;
import io.involution.driver.input.SavedModel;
import io.involution.driver.process.StopSignal;
import io.involution.driver.provenance.RunIdentity;
import io.involution.failure.RunStoppedException;
import io.involution.failure.SideWork;
import io.involution.metrics.ArtifactFolder;
import io.involution.metrics.MetricsFolder;
import io.involution.metrics.RunRecord;
import io.involution.model.onnx.OnnxFile;
import io.involution.model.state.GraphState;
import io.involution.report.RunReport;
import io.involution.run.RunFolder;
import io.involution.tracking.MlflowModel;
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

/** Experiment trackers that follow a run: TensorBoard through files, and an MLflow server. */
public final class Trackers {
  /** How long a finished run waits for a server. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** The same after a signal: a scheduler kills processes that do not stop. */
  private static final Duration IN_A_HURRY = Duration.ofSeconds(3);

  /** The one that grows with the run last. */
  private static final List<String> UPLOADED =
      List.of(RunFolder.RECORD, RunFolder.REPORT + "/" + RunReport.INDEX, MetricsFolder.ALL);

  private final RunFolder folder;
  private final TrainOptions options;
  private final Consumer<String> warnings;
  private final Optional<MlflowRun> mlflow;

  /**
   * Starts them.
   *
   * @param folder the run's folder
   * @param options which trackers, and what is trained
   * @param warnings told when one of them fails: training continues
   */
  public Trackers(RunFolder folder, TrainOptions options, Consumer<String> warnings) {
    this.folder = folder;
    this.options = options;
    this.warnings = warnings;
    this.mlflow =
        options
            .report()
            .mlflow()
            .flatMap(
                address ->
                    MlflowRun.start(
                        address,
                        System.getenv(),
                        folder,
                        RunIdentity.shown(options, folder.location()),
                        warnings));
  }

  /** Their journals for one network. */
  public List<Journal> journals(String model) {
    List<Journal> journals = new ArrayList<>();
    if (options.report().tensorboard()) {
      journals.add(new TensorBoard(folder, model, warnings));
    }
    mlflow.ifPresent(run -> journals.add(run.journal(model)));
    return journals;
  }

  /**
   * Tells them that training is done and everything is in the run's folder, including the report.
   */
  public void done() {
    done(this::pictures);
  }

  /** The same, with what draws the pictures for TensorBoard. */
  void done(Runnable pictures) {
    if (options.report().tensorboard()) {
      orWarning(pictures, "no pictures for TensorBoard");
    }
    mlflow.ifPresent(
        run -> {
          // First: a server that is slow to take files still knows how the run ended.
          run.note(End.FINISHED);
          run.upload(UPLOADED);
          orWarning(() -> log(run), "no network is a model in MLflow");
          run.close(PATIENCE);
        });
  }

  private void orWarning(Runnable work, String consequence) {
    Optional<String> failure =
        SideWork.orElse(
            () -> {
              work.run();
              return Optional.empty();
            },
            Optional::of);
    failure.ifPresent(reason -> warnings.accept("warning: " + consequence + ": " + reason));
  }

  private void log(MlflowRun run) {
    for (String network : RunRecord.results(folder).keySet()) {
      orWarning(() -> log(run, network), "the " + network + " network is no model in MLflow");
    }
  }

  private void log(MlflowRun run, String network) {
    String file = SavedModel.file(network);
    SavedModel saved = SavedModel.read(folder.read(file).orElseThrow(), file);
    try {
      run.log(
          new MlflowModel(
              network, saved.metadata().schema(), OnnxFile.of(saved.graph(), saved.metadata())));
    } finally {
      GraphState.close(saved.graph());
    }
  }

  /**
   * Records that training stopped or failed, and tells them.
   *
   * @param record the run's record
   * @param why what ended training
   */
  public void ended(RunRecord record, Throwable why) {
    boolean stopped = why instanceof RunStoppedException || StopSignal.isStopping();
    try {
      if (stopped) {
        record.stopped();
      } else {
        record.failed();
      }
    } catch (RuntimeException | Error e) {
      // What ended the run may prevent that, too.
      why.addSuppressed(e);
    }
    if (stopped) {
      stopped();
    } else {
      mlflow.ifPresent(run -> run.end(End.FAILED, PATIENCE));
    }
  }

  /** Tells them that training was stopped and may be resumed. */
  public void stopped() {
    mlflow.ifPresent(run -> run.end(End.KILLED, IN_A_HURRY));
  }

  private void pictures() {
    RunRecord.results(folder)
        .forEach(
            (network, result) -> {
              Map<String, byte[]> pictures = new LinkedHashMap<>();
              RunReport.pictures(network, ArtifactFolder.read(folder, network))
                  .forEach((name, png) -> pictures.put(name.replaceAll("\\.png$", ""), png));
              new TensorBoard(folder, network, warnings).images(result.epochs(), pictures);
            });
  }
}
