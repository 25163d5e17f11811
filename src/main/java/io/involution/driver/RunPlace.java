package io.involution.driver;

import io.involution.config.OutputOptions;
import io.involution.config.TrainOptions;
import io.involution.config.value.EpochCount;
import io.involution.driver.input.StepRules;
import io.involution.driver.journal.ResumeCheck;
import io.involution.driver.provenance.RunIdentity;
import io.involution.failure.InputException;
import io.involution.failure.Places;
import io.involution.metrics.ResultFiles;
import io.involution.metrics.ResultFiles.Damage;
import io.involution.metrics.RunRecord;
import io.involution.model.network.NetworkBlueprint;
import io.involution.run.Identities;
import io.involution.run.RunFolder;
import io.involution.run.RunFolder.Mode;
import io.involution.spark.ClusterSession;
import io.involution.train.time.Course;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;

/** The folder for a run's outputs: checked first, taken when everything else has been checked. */
public final class RunPlace {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);

  private final String out;
  private final Mode mode;
  private final Configuration hadoop;
  private final Optional<RunFolder> done;
  private final Optional<RunFolder> started;
  private final List<Damage> damaged;
  private final Map<String, String> previous;

  private RunPlace(String out, Mode mode, Configuration hadoop) {
    this.out = out;
    this.mode = mode;
    this.hadoop = hadoop;
    Optional<RunFolder> run =
        mode == Mode.RESUME && RunFolder.holdsRun(out, hadoop)
            ? Optional.of(RunFolder.read(out, hadoop))
            : Optional.empty();
    Optional<RunFolder> finished = run.filter(RunRecord::isDone);
    this.damaged = finished.map(ResultFiles::damaged).orElse(List.of());
    this.done = finished.filter(folder -> damaged.isEmpty());
    this.started = run;
    if (!damaged.isEmpty()) {
      ResumeCheck.requireRepairable(finished.get(), damaged);
    }
    this.previous = run.flatMap(RunRecord::identity).orElse(Map.of());
  }

  /**
   * Checks the folder that the options name, or one named after the current time, without changing
   * it.
   *
   * @throws InputException when its contents do not allow this run
   */
  public static RunPlace check(OutputOptions options, ClusterSession session) {
    if (options.out().isEmpty()) {
      requireLasting();
    }
    return check(options, session.hadoop());
  }

  /**
   * Refuses a folder that nobody has named where the driver's own are lost.
   *
   * @throws InputException when the driver runs inside the cluster
   */
  public static void requireLasting() {
    if (ClusterSession.isDriverInCluster(new SparkConf())) {
      throw new InputException(
          "the driver runs inside the cluster, and its local folder is lost when it ends: name a"
              + " lasting one with --out, such as hdfs:///runs/first");
    }
  }

  /**
   * The same for a driver whose own folders last.
   *
   * @throws InputException when its contents do not allow this run
   */
  public static RunPlace check(OutputOptions options, Configuration hadoop) {
    String out = named(options).out().orElseThrow();
    Mode mode = options.resume() ? Mode.RESUME : options.overwrite() ? Mode.OVERWRITE : Mode.NEW;
    RunFolder.check(out, mode, hadoop);
    return new RunPlace(out, mode, hadoop);
  }

  /**
   * The options with a folder named after the current time where they name none. A driver inside
   * the cluster has no such folder that lasts.
   */
  public static OutputOptions named(OutputOptions options) {
    if (options.out().isPresent() || ClusterSession.isDriverInCluster(new SparkConf())) {
      return options;
    }
    String out = "runs/" + LocalDateTime.now(ZoneOffset.UTC).format(STAMP);
    return new OutputOptions(Optional.of(out), options.resume(), options.overwrite());
  }

  /** The damaged files of a finished run that is to be resumed, to repair them. */
  List<Damage> damaged() {
    return damaged;
  }

  /**
   * Number of workers of the run to resume, which the shards depend on.
   *
   * @throws InputException when the run's record does not hold one
   */
  public Optional<Integer> workers() {
    String workers = previous.get("workers");
    if (workers != null && !workers.matches("[1-9]\\d{0,8}")) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s/%s is damaged: start over with --overwrite",
              Places.shown(out),
              RunFolder.RECORD));
    }
    return Optional.ofNullable(workers).map(Integer::valueOf);
  }

  /** Number of workers of a run that is complete. */
  Optional<Integer> completeWorkers() {
    return done.flatMap(run -> workers());
  }

  /**
   * The run, if it is already complete.
   *
   * @param identity everything that determines this run's result
   * @return empty if there is a run to start or resume
   * @throws InputException when the run to resume had a different identity
   */
  Optional<RunFolder> complete(RunIdentity identity) {
    requireSame(identity);
    if (done.isPresent() && isExtended(identity)) {
      ResumeCheck.requireCheckpoints(done.get());
      return Optional.empty();
    }
    return done;
  }

  /**
   * The run to resume, for reading; empty if there is none. A complete one that is to go on for
   * longer begins at its checkpoints like any other.
   */
  Optional<RunFolder> started() {
    return started;
  }

  /**
   * Makes sure that a training can go on here, if one is to.
   *
   * @param inputs data and cluster
   * @param options what would be trained, and how
   * @param workers number of workers
   * @throws InputException when the run is another one, or what it would go on from is damaged
   */
  public void requireResumable(RunInputs inputs, TrainOptions options, int workers) {
    if (started.isEmpty()) {
      return;
    }
    Optional<WarmStart> init = WarmStart.read(options, hadoop);
    StepRules rules = new StepRules(options, inputs.plan(options, workers));
    RunIdentity identity = goingOn(inputs.identity(options, workers, init), rules);
    if (complete(identity).isEmpty()) {
      requireResumable(identity, rules, inputs.networks(options, workers));
    }
  }

  /** The same for a run that is known to be the same one, and not to be complete. */
  void requireResumable(RunIdentity identity, StepRules rules, List<NetworkBlueprint> networks) {
    Course course = new Course(rules.plan(), rules.options().epochs());
    started
        .map(run -> new ResumeCheck(run, identity.values(), course))
        .ifPresent(
            check ->
                networks.forEach(network -> check.require(network.label(), rules.fresh(network))));
  }

  /**
   * The identity of a run that goes on where this one is.
   *
   * @param identity everything that determines this run's result
   * @param rules what is trained, and how an epoch is divided
   * @throws InputException when the run to resume had a different identity, or cannot go on for as
   *     long
   */
  RunIdentity goingOn(RunIdentity identity, StepRules rules) {
    RunIdentity further = identity.goingOn(previous, false);
    requireSame(further);
    if (!isExtended(further)) {
      return further;
    }
    Course course = new Course(rules.plan(), EpochCount.parse(previous.get("epochs")));
    ResumeCheck check = new ResumeCheck(started.orElseThrow(), further.values(), course);
    return identity.goingOn(previous, check.isAtCut(rules.options().model().labels()));
  }

  /** Whether a run is to go on for longer than it was to. */
  boolean isExtended(RunIdentity identity) {
    return Identities.goesOnFurther(previous, identity.values());
  }

  /** Whether a run is to be resumed that has not even started. */
  boolean isFresh() {
    return mode == Mode.RESUME && previous.isEmpty();
  }

  /**
   * Takes the folder.
   *
   * @param identity everything that determines this run's result
   * @throws InputException when the run to resume had a different one
   */
  public RunFolder take(RunIdentity identity) {
    // Check again: another run may have started there in the meantime.
    new RunPlace(out, mode, hadoop).requireSame(identity);
    return RunFolder.take(out, mode, hadoop);
  }

  private void requireSame(RunIdentity identity) {
    if (!previous.isEmpty()) {
      Identities.requireSame(previous, identity.values(), out);
    }
  }
}
