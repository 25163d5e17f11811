package io.involution.cli;

import io.involution.config.TrainOptions;
import io.involution.report.RunReport;
import io.involution.report.run.ModelData;
import io.involution.report.run.RunData;
import io.involution.run.RunFolder;
import io.involution.tracking.MlflowRun;
import io.involution.tracking.TensorBoard;
import io.involution.train.Journal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Who else is told how a training goes: TensorBoard by files, an MLflow server. */
final class Trackers {
  private static final String TOKEN = "MLFLOW_TRACKING_TOKEN";

  private final RunFolder folder;
  private final TrainOptions options;
  private final Consumer<String> warnings;
  private final Optional<MlflowRun> mlflow;

  Trackers(RunFolder folder, TrainOptions options, Consumer<String> warnings) {
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
                        Optional.ofNullable(System.getenv(TOKEN)),
                        folder.location(),
                        RunIdentity.shown(options, folder.location()),
                        warnings));
  }

  /** Those of one network. */
  List<Journal> journals(String model) {
    List<Journal> journals = new ArrayList<>();
    if (options.report().tensorboard()) {
      journals.add(new TensorBoard(folder, model, warnings));
    }
    mlflow.ifPresent(run -> journals.add(run.journal(model)));
    return journals;
  }

  /** Tells them that all is trained and in the run's folder. */
  void done() {
    mlflow.ifPresent(
        run -> {
          run.tag("folder", folder.location());
          run.end(true);
        });
    if (options.report().tensorboard()) {
      for (ModelData model : RunData.read(folder).models()) {
        Map<String, byte[]> pictures = new LinkedHashMap<>();
        RunReport.pictures(model)
            .forEach((name, png) -> pictures.put(name.replaceAll("\\.png$", ""), png));
        new TensorBoard(folder, model.name(), warnings).images(options.epochs(), pictures);
      }
    }
  }

  /** Tells them that the training failed. */
  void failed() {
    mlflow.ifPresent(run -> run.end(false));
  }
}
