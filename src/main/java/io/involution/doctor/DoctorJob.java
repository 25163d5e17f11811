package io.involution.doctor;

import io.involution.config.TrainOptions;
import io.involution.data.DataFingerprint;
import io.involution.data.ExampleSource;
import io.involution.device.JvmFacts;
import io.involution.driver.RunInputs;
import io.involution.driver.RunPlace;
import io.involution.driver.WarmStart;
import io.involution.driver.present.ReportExamples;
import io.involution.failure.Places;
import io.involution.files.WriteProbe;
import io.involution.model.network.NetworkBlueprint;
import io.involution.spark.ClusterSession;
import io.involution.spark.device.Devices;
import io.involution.spark.device.DriverDevice;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The doctor command on a cluster: runs every check, even after one has failed. */
public final class DoctorJob {
  /** A GPU's driver may have to compile the kernels first, and short trainings follow. */
  private static final Duration ANSWERS = Duration.ofMinutes(3);

  private final ClusterSession session;
  private final RunInputs inputs;
  private final TrainOptions options;
  private final PrintStream out;
  private final Findings findings = new Findings();

  /** The number of workers to check for; empty for one per task slot. */
  private Optional<Integer> wanted;

  /** Prepares the checks of a run with these options. */
  public DoctorJob(ClusterSession session, TrainOptions options, PrintStream out) {
    this.session = session;
    // The table reports what notices would.
    this.inputs = new RunInputs(session, notice -> {});
    this.options = options;
    this.out = out;
    this.wanted = options.cluster().workers();
  }

  /**
   * Runs the checks and prints what they find.
   *
   * @throws io.involution.failure.InputException if a run would not work
   */
  public void run() {
    cluster();
    driver();
    Optional<RunPlace> place = place();
    Optional<ExampleSource> source = source();
    slots().ifPresent(slots -> executors(slots, source));
    if (source.isPresent() && !findings.haveFailed("task slots", "executors", "device")) {
      networks();
      offHeap();
    }
    source.ifPresent(this::data);
    source.ifPresent(this::reportImages);
    place.ifPresent(this::outputs);
    out.print(findings.table());
    out.flush();
    findings.requireNoFailure();
  }

  private void cluster() {
    findings.add(
        ClusterChecks.spark(
            session.context().version(), scala.util.Properties.versionNumberString()));
    findings.add(
        Finding.ok(
            "master",
            String.format(
                Locale.ROOT,
                "%s, %s mode",
                Places.shown(session.context().master()),
                session.isDriverInCluster() ? "cluster" : "client")));
  }

  private void driver() {
    JvmFacts driver = JvmFacts.here();
    List<JvmFacts> here = List.of(driver);
    findings.addEach(here, jvm -> "driver", JvmChecks::java);
    findings.addEach(here, jvm -> "driver", JvmChecks::backend);
    if (driver.backendFault() == null) {
      findings.attempt(
          "driver's device",
          () -> {
            DriverDevice.require(session.context());
            Devices.require(options.cluster().gpuEngine());
            return Optional.empty();
          });
    }
    findings.addEach(here, jvm -> "driver", memory("driver")::of);
    findings.addEach(here, jvm -> "driver", JvmChecks::login);
  }

  private MemoryCheck memory(String role) {
    return new MemoryCheck(role, session.context().getConf(), session.context().version());
  }

  /** Where outputs go; a run that goes on there keeps its number of workers. */
  private Optional<RunPlace> place() {
    return findings.tried(
        "outputs",
        () -> {
          RunPlace place = RunPlace.check(options.output(), session);
          wanted = place.workers().or(options.cluster()::workers);
          return place;
        });
  }

  private Optional<ExampleSource> source() {
    return findings.tried("data", () -> inputs.source(options));
  }

  /** The number of task slots; empty if there are none. */
  private Optional<Integer> slots() {
    findings.attempt(
        "task slots",
        () -> {
          int workers = workers();
          return Optional.of(ClusterChecks.slots(inputs.slots(), workers));
        });
    return findings.tried("task slots", inputs::slots).filter(now -> now > 0);
  }

  private void executors(int slots, Optional<ExampleSource> source) {
    findings.attempt(
        "executors",
        () -> {
          long from = System.currentTimeMillis();
          List<ExecutorFacts> facts =
              new ExecutorProbe(session.context(), options.cluster().device(), source)
                  .run(slots, ANSWERS);
          executors(facts, from, System.currentTimeMillis());
          return Optional.empty();
        });
  }

  private void executors(List<ExecutorFacts> facts, long from, long to) {
    findings.add(ClusterChecks.answered(facts, (to - from) / 1e3));
    // In one JVM the driver's checks cover the executor.
    if (!session.isLocal()) {
      MemoryCheck memory = memory("executor");
      each(facts, fact -> ClusterChecks.clock(fact, from, to));
      each(facts, fact -> JvmChecks.java(fact.jvm()));
      each(facts, fact -> JvmChecks.backend(fact.jvm()));
      each(facts, fact -> memory.of(fact.jvm()));
      each(facts, fact -> JvmChecks.login(fact.jvm()));
    }
    each(facts, JvmChecks::processor);
    each(facts, fact -> GpuChecks.listed(fact.jvm()));
    each(facts, fact -> GpuChecks.device(fact, options.cluster().precision()));
    each(facts.stream().filter(ExecutorFacts::compilesKernels).toList(), GpuChecks::bits);
    each(facts, ClusterChecks::data);
  }

  private int workers() {
    return inputs.workers(wanted, options.cluster().waitForSlots());
  }

  private void networks() {
    findings.attempt(
        "networks",
        () -> {
          Optional<WarmStart> init = WarmStart.read(options, session.hadoop());
          String found =
              inputs.trainable(options, workers(), init).stream()
                  .map(network -> shown(network, init))
                  .collect(Collectors.joining(", "));
          return Optional.of(Finding.ok("networks", found));
        });
  }

  private static String shown(NetworkBlueprint network, Optional<WarmStart> init) {
    return String.format(
        Locale.ROOT,
        "%s with %,d parameters%s",
        network.label(),
        network.parameters(),
        init.isPresent() ? " from --init" : "");
  }

  private void offHeap() {
    findings.attempt(
        MemoryCheck.OFF_HEAP,
        () -> Optional.of(MemoryCheck.needed(inputs.nativeBytes(options, workers()))));
  }

  /** Only a failure is worth a line. */
  private void reportImages(ExampleSource source) {
    findings.attempt(
        "report",
        () -> {
          new ReportExamples(source, session.hadoop()).check(options.report().images());
          return Optional.empty();
        });
  }

  private void each(List<ExecutorFacts> facts, Function<ExecutorFacts, Finding> check) {
    findings.addEach(facts, ExecutorFacts::place, check);
  }

  private void data(ExampleSource source) {
    findings.attempt(
        "data",
        () -> {
          DataFingerprint data = inputs.fingerprint(source);
          String found =
              String.format(
                  Locale.ROOT,
                  "%s (%s), %,d training and %,d test examples, SHA-256 %.12s",
                  data.dataset(),
                  data.location(),
                  data.trainExamples(),
                  data.testExamples(),
                  data.sha256());
          boolean instead =
              data.dataset().equals("synthetic") && !options.data().equals("synthetic");
          return Optional.of(
              instead
                  ? Finding.warn(
                      "data", found + " instead of CIFAR-10", "name your data with --data")
                  : Finding.ok("data", found));
        });
  }

  private void outputs(RunPlace place) {
    findings.attempt(
        "outputs",
        () -> {
          // What these have found would only be found again.
          if (!findings.haveFailed("task slots", "executors", "device", "data", "networks")) {
            place.requireResumable(inputs, options, workers());
          }
          String folder = options.output().out().orElse("runs");
          return Optional.of(
              Finding.ok("outputs", WriteProbe.run(folder, session.hadoop()) + " can be written"));
        });
  }
}
