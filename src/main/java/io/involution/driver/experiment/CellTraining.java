package io.involution.driver.experiment;

import io.involution.config.DeclaredOption;
import io.involution.config.OutputOptions;
import io.involution.config.TrainConfig;
import io.involution.config.TrainOptions;
import io.involution.driver.RunInputs;
import io.involution.driver.TrainJob;
import io.involution.driver.WarmStart;
import io.involution.driver.present.Presentation;
import io.involution.driver.process.ConsoleLog;
import io.involution.driver.process.LineStream;
import io.involution.driver.process.StopSignal;
import io.involution.driver.provenance.Machine;
import io.involution.driver.provenance.RunIdentity;
import io.involution.experiment.Cell;
import io.involution.experiment.CellFacts;
import io.involution.experiment.CellTrainer;
import io.involution.failure.Places;
import io.involution.failure.RunStoppedException;
import io.involution.run.Deadline;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;

/** Trains an experiment's cells as the train command trains runs, in one Spark application. */
final class CellTraining implements CellTrainer {
  private final RunInputs inputs;
  private final Map<String, Throwable> failures = new ConcurrentHashMap<>();

  CellTraining(RunInputs inputs) {
    this.inputs = inputs;
  }

  @Override
  public CellFacts facts(TrainOptions options) {
    int workers = inputs.workers(options.cluster().workers(), options.cluster().waitForSlots());
    Optional<WarmStart> init = WarmStart.read(options, inputs.session().hadoop());
    RunIdentity identity = inputs.identity(options, workers, init);
    inputs.trainable(options, workers, init);
    inputs.nativeBytes(options, workers);
    Map<String, Object> settings = new LinkedHashMap<>();
    TrainConfig.OPTIONS.stream()
        .filter(DeclaredOption::decidesResult)
        .forEach(option -> settings.put(option.key(), option.recorded(options)));
    settings.put("workers", workers);
    return new CellFacts(identity.values(), settings, provenance(options), workers);
  }

  private Map<String, String> provenance(TrainOptions options) {
    Machine machine = Machine.here();
    JavaSparkContext context = inputs.session().context();
    Map<String, String> provenance = new LinkedHashMap<>();
    provenance.put("dataset", inputs.fingerprint(options).dataset());
    provenance.put("data_sha256", inputs.fingerprint(options).sha256());
    provenance.put("job_version", machine.jobVersion());
    provenance.put("job_commit", machine.jobCommit());
    provenance.put("java", machine.java());
    provenance.put("host", machine.host());
    provenance.put("spark_version", context.version());
    provenance.put("master", Places.shown(context.master()));
    provenance.put("application_id", context.sc().applicationId());
    return provenance;
  }

  @Override
  public void train(Cell cell, String folder, Deadline deadline, Consumer<String> lines) {
    SparkContext spark = inputs.session().context().sc();
    // One pool per thread: cells that run in parallel get equal shares of the task slots.
    spark.setLocalProperty("spark.scheduler.pool", Thread.currentThread().getName());
    failures.remove(cell.id());
    try (PrintStream progress = new LineStream(lines);
        PrintStream nowhere =
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
      Presentation shown = new Presentation(progress, nowhere, false, false);
      new TrainJob(inputs, in(folder, cell.options()), deadline, shown).run(run -> () -> {});
    } catch (RunStoppedException e) {
      throw e;
    } catch (Exception | Error e) {
      ConsoleLog.keep(e);
      failures.put(cell.id(), e);
      throw e;
    } finally {
      spark.setLocalProperty("spark.scheduler.pool", null);
    }
  }

  /** What a cell has failed with in this process. */
  Optional<Throwable> failure(String cell) {
    return Optional.ofNullable(failures.get(cell));
  }

  /** Resumes from a checkpoint if there is one; dl4j-spark always starts over. */
  private static TrainOptions in(String folder, TrainOptions options) {
    boolean resume = options.trainer().resumes();
    return options.with(new OutputOptions(Optional.of(folder), resume, !resume));
  }

  @Override
  public int slots() {
    return inputs.slots();
  }

  @Override
  public int mostSlots() {
    return inputs.mostSlots();
  }

  @Override
  public boolean isClosing() {
    return StopSignal.isShuttingDown() || inputs.session().context().sc().isStopped();
  }
}
