package io.involution.cli;

import io.involution.cli.RunIdentity.Facts;
import io.involution.config.InputException;
import io.involution.config.TrainOptions;
import io.involution.data.DataFingerprint;
import io.involution.data.ExampleSource;
import io.involution.data.Subset;
import io.involution.metrics.RoundCosts;
import io.involution.metrics.RunRecord;
import io.involution.model.NetworkKind;
import io.involution.report.Comparison;
import io.involution.report.RoundCostTable;
import io.involution.run.RunFolder;
import io.involution.spark.ClusterSession;
import io.involution.spark.DataInspection;
import io.involution.spark.DeviceCheck;
import io.involution.spark.Shards;
import io.involution.spark.TaskSlots;
import io.involution.train.EpochPlan;
import io.involution.train.Journal;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The train command on a cluster: everything is checked before the run's folder is touched, then
 * the networks are trained one after the other.
 */
final class TrainJob {
  private final ClusterSession session;
  private final TrainOptions options;
  private final PrintStream out;

  TrainJob(ClusterSession session, TrainOptions options, PrintStream out) {
    this.session = session;
    this.options = options;
    this.out = out;
  }

  void run() {
    RunPlace place = RunPlace.check(options.output(), session.hadoop());
    Optional<WarmStart> init = WarmStart.read(options, session.hadoop());
    ExampleSource source =
        Sources.open(
            options.data(), options.trainLimit(), options.testLimit(), session, this::notice);
    new ReportExamples(source, session.hadoop()).check(options.report().images());
    TaskSlots slots = new TaskSlots(session, this::notice);
    // A run that is complete needs no slots: there is nothing to wait for.
    Duration wait = Duration.ofSeconds(options.waitForSlots());
    int workers =
        place
            .completeWorkers()
            .orElseGet(() -> slots.workers(place.workers().or(options::workers), wait));
    EpochPlan plan = plan(source, workers);
    DataFingerprint fingerprint = DataInspection.run(session.context(), source);
    List<String> devices = DeviceCheck.run(session.context(), workers, options.device());
    RunIdentity identity =
        RunIdentity.of(options, plan, new Facts(fingerprint, init.map(WarmStart::sha256), devices));
    Optional<RunFolder> done = place.complete(identity);
    if (done.isPresent()) {
      complete(done.get());
      return;
    }
    RunFolder folder = place.take(identity);
    RunRecord record =
        new RunRecord(folder, identity.values())
            .with("command", "train")
            .with("dataset", fingerprint.dataset())
            .with("data", fingerprint)
            .with("options", RunIdentity.shown(options, folder.location()))
            .with("workers", workers)
            .with("batch_size_per_worker", plan.batchSizePerWorker())
            .with("devices", devices)
            .with("cluster", session.record(slots.now()))
            .with("machine", Machine.here());
    record.write();
    announce(fingerprint, plan, folder);
    if (place.isFresh()) {
      notice("nothing to resume there: the run begins");
    }
    Shards shards = new Shards(session.context(), source, workers, options.validation());
    ModelTraining training =
        new ModelTraining(session, options, source, shards, plan, folder, identity);
    Trackers trackers = new Trackers(folder, options, this::notice);
    StopSignal.watch(
        session,
        folder.location(),
        trackers::stopped,
        () -> {
          try {
            shards.load();
            train(folder, training, init, record, trackers);
          } catch (RuntimeException | Error e) {
            trackers.failed();
            throw e;
          }
          trackers.done();
        });
  }

  private void train(
      RunFolder folder,
      ModelTraining training,
      Optional<WarmStart> init,
      RunRecord record,
      Trackers trackers) {
    List<NetworkKind> kinds = Networks.of(options.model());
    for (NetworkKind kind : kinds) {
      List<Journal> journals = trackers.journals(kind.label());
      record.result(kind.label(), training.run(kind, init, journals));
    }
    List<String> labels = kinds.stream().map(NetworkKind::label).toList();
    Map<String, RoundCosts> costs = RunMetrics.join(folder, labels, options.epochs());
    record.done();
    out.println();
    out.print(Comparison.table(record.results()));
    out.println();
    if (!costs.isEmpty()) {
      out.print(RoundCostTable.of(costs));
      out.println();
    }
    out.println("written to " + folder.location());
    out.println(RunReportFiles.afterTraining(folder));
    out.flush();
  }

  /** Nothing is left to train; a run that was stopped while it drew its report gets one. */
  private void complete(RunFolder folder) {
    notice(folder.location() + " holds this run, and it is complete: nothing to do");
    if (!RunReportFiles.exists(folder)) {
      notice(RunReportFiles.afterTraining(folder));
    }
  }

  private EpochPlan plan(ExampleSource source, int workers) {
    int examples = source.size(Subset.TRAIN) - options.validation();
    if (examples < workers) {
      throw new InputException(
          "%d training examples%s for %d workers: lower --workers%s"
              .formatted(
                  Math.max(0, examples),
                  options.validation() > 0 ? " beside " + options.validation() + " held out" : "",
                  workers,
                  options.validation() > 0 ? " or --validation" : " or raise --train-limit"));
    }
    int batchSize = options.batchSizePerWorker(workers);
    return options
        .averagingPeriod()
        .map(steps -> new EpochPlan(examples, workers, batchSize, steps))
        .orElseGet(() -> EpochPlan.oneRound(examples, workers, batchSize));
  }

  private void announce(DataFingerprint data, EpochPlan plan, RunFolder folder) {
    notice(
        "%s (%s): %,d training and %,d test examples"
            .formatted(data.dataset(), data.location(), data.trainExamples(), data.testExamples()));
    notice(
        "%d workers, %d examples a worker's minibatch, %d steps and %d rounds an epoch"
            .formatted(
                plan.workers(),
                plan.batchSizePerWorker(),
                plan.stepsPerEpoch(),
                plan.roundsPerEpoch()));
    notice("outputs in " + folder.location());
  }

  private void notice(String line) {
    out.println(line);
    out.flush();
  }
}
