package io.involution.driver;

import io.involution.config.TrainOptions;
import io.involution.data.DataFingerprint;
import io.involution.data.ExampleSource;
import io.involution.driver.ModelTraining.Setting;
import io.involution.driver.input.Networks;
import io.involution.driver.input.StepRules;
import io.involution.driver.journal.RunMetrics;
import io.involution.driver.journal.Trackers;
import io.involution.driver.present.Presentation;
import io.involution.driver.present.ReportExamples;
import io.involution.driver.present.RunReportFiles;
import io.involution.driver.provenance.Machine;
import io.involution.driver.provenance.RunFacts;
import io.involution.driver.provenance.RunIdentity;
import io.involution.failure.RunStoppedException;
import io.involution.metrics.MetricsFolder;
import io.involution.metrics.ResultFiles;
import io.involution.metrics.ResultFiles.Damage;
import io.involution.metrics.RoundCosts;
import io.involution.metrics.RunRecord;
import io.involution.model.Normalization;
import io.involution.model.network.NetworkBlueprint;
import io.involution.report.ClassTable;
import io.involution.report.Comparison;
import io.involution.report.RoundCostTable;
import io.involution.run.Deadline;
import io.involution.run.RunFolder;
import io.involution.spark.ClusterSession;
import io.involution.spark.device.Devices;
import io.involution.spark.round.Shards;
import io.involution.train.Journal;
import io.involution.train.time.EpochPlan;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The train command on a cluster: everything is checked before the run's folder is changed, then
 * the networks are trained one after the other.
 */
public final class TrainJob {
  private final ClusterSession session;
  private final RunInputs inputs;
  private final TrainOptions options;
  private final Deadline deadline;
  private final Presentation shown;

  /**
   * Prepares a run.
   *
   * @param inputs data and cluster
   * @param options what to train and how
   * @param deadline when to stop at a checkpoint, in addition to the options' own time limit
   * @param shown how the run's output is presented
   */
  public TrainJob(RunInputs inputs, TrainOptions options, Deadline deadline, Presentation shown) {
    this.session = inputs.session();
    this.inputs = inputs;
    this.options = options;
    this.deadline = Deadline.after(options.timeLimit()).or(deadline);
    this.shown = shown;
  }

  /** Watches over a run from the moment its folder is taken. */
  @FunctionalInterface
  public interface Guard {
    /**
     * Starts watching.
     *
     * @param run the run
     * @return ends the watch, however the run has ended
     */
    Runnable begin(Watched run);
  }

  /**
   * A run that is watched over.
   *
   * @param location the run's folder
   * @param last what to do first when the process receives a stop signal
   * @param seen a failure as it ends the run: whether it can be resumed
   */
  public record Watched(String location, Runnable last, UnaryOperator<Throwable> seen) {}

  /**
   * Runs it, or shows that the run is already complete.
   *
   * @param guard watches over the run
   * @throws io.involution.failure.InputException when something must be corrected first
   * @throws RunStoppedException when it stopped at a checkpoint
   */
  public void run(Guard guard) {
    Devices.require(options.cluster().gpuEngine());
    RunPlace place = RunPlace.check(options.output(), session);
    Optional<WarmStart> init = WarmStart.read(options, session.hadoop());
    ExampleSource source = inputs.source(options);
    new ReportExamples(source, session.hadoop()).check(options.report().images());
    // A run that is complete needs no task slots: do not wait for any.
    int workers =
        place
            .completeWorkers()
            .orElseGet(
                () ->
                    inputs.workers(
                        place.workers().or(options.cluster()::workers),
                        options.cluster().waitForSlots()));
    StepRules rules = new StepRules(options, inputs.plan(options, workers));
    RunIdentity identity = place.goingOn(inputs.identity(options, workers, init), rules);
    Optional<RunFolder> done = place.complete(identity);
    if (done.isPresent()) {
      complete(done.get());
      return;
    }
    if (place.completeWorkers().isPresent()) {
      inputs.workers(Optional.of(workers), options.cluster().waitForSlots());
    }
    List<NetworkBlueprint> networks = inputs.trainable(options, workers, init);
    place.requireResumable(identity, rules, networks);
    inputs.nativeBytes(options, workers);
    RunFolder folder = place.take(identity);
    // The run that had the folder may have come to its end in the meantime.
    identity = place.goingOn(identity, rules);
    repair(folder, place.damaged());
    RunRecord record = record(folder, identity, workers);
    record.write();
    // Of an earlier end, if the run goes on: the parts have more by now.
    folder.delete(MetricsFolder.ALL);
    if (place.isExtended(identity)) {
      shown.line(identity.howItGoesOn());
    }
    new GpuUse(inputs.devices(workers, options.cluster().device()))
        .notices(options.cluster().precision())
        .forEach(shown::notice);
    announce(rules.plan(), folder, place.isFresh());
    Setting setting = new Setting(session, options, source, shown, deadline);
    ModelTraining training = new ModelTraining(setting, rules.plan(), folder, identity);
    Trackers trackers = new Trackers(folder, options, shown::line);
    Runnable watch =
        guard.begin(
            new Watched(
                folder.location(), trackers::stopped, Resumption.of(folder, options)::seen));
    try {
      train(training, init, record, trackers);
      trackers.done();
    } finally {
      watch.run();
    }
  }

  /** Deletes what is damaged: training ends with writing all that is missing. */
  private void repair(RunFolder folder, List<Damage> damaged) {
    if (damaged.isEmpty()) {
      return;
    }
    shown.line(
        String.format(
            Locale.ROOT,
            "warning: %s is finished, but damaged: repairing %s",
            folder.location(),
            ResultFiles.shown(damaged)));
    damaged.forEach(file -> folder.delete(file.name()));
  }

  private void train(
      ModelTraining training, Optional<WarmStart> init, RunRecord record, Trackers trackers) {
    try (Shards shards = shards(training.setting().source(), training.plan().workers())) {
      shards.load();
      Normalization normalization = shards.normalization(options.normalize());
      for (NetworkBlueprint network : inputs.networks(options, training.plan().workers())) {
        List<Journal> journals = trackers.journals(network.label());
        NetworkBlueprint normalized = network.with(normalization);
        record.result(network.label(), training.run(normalized, shards, init, journals));
      }
      finish(training.folder(), record);
    } catch (RunStoppedException e) {
      trackers.ended(record, e);
      throw e;
      // Spark throws checked exceptions that its methods do not declare.
    } catch (Exception | Error e) {
      trackers.ended(record, e);
      throw Resumption.of(training.folder(), options).thrown(e);
    }
  }

  private Shards shards(ExampleSource source, int workers) {
    return new Shards(
        session.context(),
        source,
        workers,
        options.validation(),
        inputs.profiles(workers, options.cluster().device()));
  }

  private RunRecord record(RunFolder folder, RunIdentity identity, int workers) {
    DataFingerprint fingerprint = inputs.fingerprint(options);
    return new RunRecord(folder, identity.values())
        .with(
            new RunFacts(
                "train",
                fingerprint.dataset(),
                fingerprint,
                RunIdentity.shown(options, folder.location()),
                workers,
                inputs.plan(options, workers).batchSizePerWorker(),
                inputs.devices(workers, options.cluster().device()),
                session.record(inputs.slots()),
                Machine.here()));
  }

  private void finish(RunFolder folder, RunRecord record) {
    Map<String, RoundCosts> costs =
        RunMetrics.join(folder, options.model().labels(), options.epochs().last());
    record.done();
    shown.notice("");
    shown.notice(Comparison.table(record.results(), options.epochs().value()));
    shown.notice(ClassTable.of(record.results()));
    if (!costs.isEmpty()) {
      shown.notice(RoundCostTable.of(costs).toString());
    }
    shown.notice("written to " + folder.location());
    if (shown.report()) {
      shown.notice(RunReportFiles.afterTraining(folder));
    }
  }

  /**
   * Nothing is left to train; if the run was stopped before its report was drawn, the report is
   * drawn now, in the place of an earlier one if the run had gone on.
   */
  private void complete(RunFolder folder) {
    shown.notice(folder.location() + " holds this run, and it is complete: nothing to do");
    if (shown.report() && !RunReportFiles.isCurrent(folder)) {
      shown.notice(RunReportFiles.afterTraining(folder));
    }
  }

  private void announce(EpochPlan plan, RunFolder folder, boolean fresh) {
    DataFingerprint data = inputs.fingerprint(options);
    shown.notice(
        String.format(
            Locale.ROOT,
            "%s (%s): %,d training and %,d test examples",
            data.dataset(),
            data.location(),
            data.trainExamples(),
            data.testExamples()));
    shown.notice(
        String.format(
            Locale.ROOT,
            "%d workers, %d examples per worker and minibatch, %d steps and %d rounds per epoch%s,"
                + " outer step %s",
            plan.workers(),
            plan.batchSizePerWorker(),
            plan.stepsPerEpoch(),
            plan.roundsIn(1),
            plan.averagingPeriod().isConstant() ? "" : " at first",
            plan.outerStep(options.averaging()).word()));
    Networks.notices(options).forEach(shown::notice);
    shown.notice("outputs in " + folder.location());
    if (fresh) {
      shown.notice("no checkpoint found: starting");
    }
  }
}
