package io.involution.driver.apply;

import io.involution.config.ExampleOptions;
import io.involution.data.Sha256;
import io.involution.driver.Resumption;
import io.involution.driver.input.DataFormat;
import io.involution.driver.input.ModelFiles;
import io.involution.driver.input.RecordedModel;
import io.involution.driver.input.SavedModel;
import io.involution.driver.input.Sources;
import io.involution.driver.provenance.JobVersion;
import io.involution.failure.InputException;
import io.involution.failure.Places;
import io.involution.files.FolderFiles;
import io.involution.files.UserPath;
import io.involution.model.state.GraphState;
import io.involution.model.state.ModelState;
import io.involution.spark.ClusterSession;
import io.involution.spark.classify.Classification;
import io.involution.spark.classify.ClassifyTask;
import io.involution.spark.classify.ImageTable;
import io.involution.spark.device.DriverDevice;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** The classify command on a cluster. */
public final class ClassifyJob {
  private static final String MODEL = "--model";
  private static final Set<String> CIFAR = Set.of(DataFormat.CIFAR10, DataFormat.CIFAR100);

  private final ClusterSession session;
  private final Consumer<String> lines;

  /** Prepares a job that tells of its progress. */
  public ClassifyJob(ClusterSession session, Consumer<String> lines) {
    this.session = session;
    this.lines = lines;
  }

  /**
   * What to classify, and how.
   *
   * @param model a model.zip, or the folder that holds it
   * @param data a folder of images, or a table
   * @param format {@code auto}, {@code folder}, or a table's format that Spark reads
   * @param reading how a table's images are read
   * @param key the column with the images' names; empty for none
   * @param explain whether the statistics of heat maps are written too
   * @param out the folder for the output
   */
  public record Request(
      String model,
      String data,
      String format,
      ExampleOptions reading,
      Optional<String> key,
      boolean explain,
      String out) {}

  /**
   * Classifies the images.
   *
   * @throws InputException if a model, the images or the folder cannot be used
   */
  public void run(Request request) {
    DriverDevice.require(session.context());
    // A task's own folder is another one.
    String out = FolderFiles.at(request.out(), session.hadoop()).uri("");
    String file = one(new ModelFiles(MODEL, session.hadoop()).of(request.model()), request.model());
    if (UserPath.isWithin(file, out, session.hadoop())) {
      throw new InputException(
          "--out " + Places.shown(out) + " contains the model itself: name another folder");
    }
    byte[] bytes = RecordedModel.read(MODEL, file, session.hadoop());
    SavedModel saved = SavedModel.read(bytes, file);
    ModelState state;
    try {
      state = GraphState.capture(saved.graph());
    } finally {
      GraphState.close(saved.graph());
    }
    ImageTable table = table(request);
    ClassifyTask task =
        new ClassifyTask(
            saved.blueprint(), saved.metadata().schema(), table.isRaw(), request.explain(), out);
    lines.accept(
        String.format(
            Locale.ROOT,
            "%s network, %s on %s (%s)",
            saved.metadata().network(),
            Places.shown(file),
            Places.shown(table.data()),
            table.format()));
    Classification classification = new Classification(session.context(), table, task, lines);
    try {
      classification.run(state.parameters(), Sha256.hex(bytes), JobVersion.version());
      // Spark throws checked exceptions that its methods do not declare.
    } catch (Exception | Error e) {
      // Where a start gets no further, a schedule must not start the job for ever.
      throw new Resumption(classification::hasWritten, "run the same command again to go on")
          .thrown(e);
    }
  }

  private static String one(List<String> files, String model) {
    if (files.size() > 1) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "--model %s holds %d networks: name the folder of one, such as %s",
              Places.shown(model),
              files.size(),
              Places.shown(files.get(0).replaceAll("/model\\.zip$", ""))));
    }
    return files.get(0);
  }

  private ImageTable table(Request request) {
    if (CIFAR.contains(request.format())) {
      throw new InputException(
          "--data-format "
              + request.format()
              + " is for train: classify takes folder, or a table's format");
    }
    String found = DataFormat.of(request.data(), request.format(), session.hadoop());
    String format = CIFAR.contains(found) ? DataFormat.FOLDER : found;
    if (format.equals(DataFormat.FOLDER)) {
      Sources.requireForFolder(request.data(), request.reading());
      if (request.key().isPresent()) {
        throw Sources.noEffectOnFolder("key-column", request.data());
      }
    }
    return new ImageTable(
        request.data(),
        format,
        request.reading().imageColumn(),
        request.key(),
        request.reading().sizeColumns());
  }
}
