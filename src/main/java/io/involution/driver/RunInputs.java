package io.involution.driver;

import io.involution.config.DeviceChoice;
import io.involution.config.ExampleOptions;
import io.involution.config.TrainConfig;
import io.involution.config.TrainOptions;
import io.involution.data.DataFingerprint;
import io.involution.data.DataSchema;
import io.involution.data.ExampleSource;
import io.involution.data.LimitedSource;
import io.involution.data.Subset;
import io.involution.driver.input.Networks;
import io.involution.driver.input.Sources;
import io.involution.driver.provenance.RunIdentity;
import io.involution.driver.provenance.RunIdentity.Facts;
import io.involution.failure.InputException;
import io.involution.model.network.Network;
import io.involution.model.network.NetworkBlueprint;
import io.involution.spark.ClusterSession;
import io.involution.spark.DataInspection;
import io.involution.spark.TaskProfiles;
import io.involution.spark.TaskSlots;
import io.involution.spark.device.DeviceCheck;
import io.involution.spark.device.DriverDevice;
import io.involution.spark.device.NativeMemoryCheck;
import io.involution.spark.device.WorkerDevice;
import io.involution.train.time.EpochPlan;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What runs need to know about their data and their cluster. Everything is determined only once,
 * however many runs ask: the cells of an experiment share data and devices.
 */
public final class RunInputs {
  private final ClusterSession session;
  private final Consumer<String> notices;
  private final TaskSlots slots;
  private final Map<List<Object>, Object> known = new HashMap<>();

  /** Checks nothing yet, so that doctor can report everything that is wrong. */
  public RunInputs(ClusterSession session, Consumer<String> notices) {
    this.session = session;
    this.notices = notices;
    this.slots = new TaskSlots(session, notices);
  }

  /** For a command that builds networks, which need the driver's device. */
  public static RunInputs forNetworks(ClusterSession session, Consumer<String> notices) {
    DriverDevice.require(session.context());
    return new RunInputs(session, notices);
  }

  /** The cluster. */
  public ClusterSession session() {
    return session;
  }

  /** The current number of task slots. */
  public int slots() {
    return slots.now();
  }

  /** The number of task slots that the cluster may come to have, as in {@link TaskSlots#most}. */
  public int mostSlots() {
    return slots.most();
  }

  /** Where the examples are. */
  public ExampleSource source(TrainOptions options) {
    return LimitedSource.of(
        whole(options.data(), options.examples()), options.trainLimit(), options.testLimit());
  }

  /**
   * All examples of the data.
   *
   * @param data the data option
   * @param options how data of other kinds is read
   */
  public ExampleSource whole(String data, ExampleOptions options) {
    return once(
        List.of("source", data, options), () -> Sources.open(data, options, session, notices));
  }

  /** Identifies the data. */
  public DataFingerprint fingerprint(TrainOptions options) {
    return fingerprint(source(options));
  }

  /** Identifies the data of a source. */
  public DataFingerprint fingerprint(ExampleSource source) {
    return once(
        List.of("fingerprint", source), () -> DataInspection.run(session.context(), source));
  }

  /** The number of workers of a run; waits for their task slots. */
  public int workers(Optional<Integer> wanted, int waitForSlots) {
    return once(
        List.of("workers", wanted), () -> slots.workers(wanted, Duration.ofSeconds(waitForSlots)));
  }

  /** One worker per task slot of the cluster; waits for the first slot like train does. */
  public int everySlot() {
    return workers(Optional.empty(), TrainConfig.defaults().cluster().waitForSlots());
  }

  /** The device of each worker. */
  public List<WorkerDevice> devices(int workers, DeviceChoice choice) {
    return once(
        List.of("devices", workers, choice),
        () -> DeviceCheck.run(session.context(), workers, choice));
  }

  /**
   * Checks that the executors may take the memory outside the heap that the workers need, and that
   * no array of a minibatch is too long for workers on CPUs.
   *
   * @return bytes that an executor needs at least; 0 on GPUs, and where it needs very little
   * @throws InputException when it may not
   */
  public long nativeBytes(TrainOptions options, int workers) {
    ExampleSource source = source(options);
    int evaluated = Math.max(source.size(Subset.TEST), options.validation());
    return new TrainingCheck(this, options, plan(options, workers))
        .nativeBytes(networks(options, workers), source.schema().image(), evaluated);
  }

  /** The same for workers on CPUs that need so many bytes each. */
  long nativeBytes(int workers, long bytes) {
    return once(
        List.of("native memory", workers, bytes),
        () -> NativeMemoryCheck.run(session, workers, slots(), bytes));
  }

  /** What the workers' tasks need. */
  public TaskProfiles profiles(int workers, DeviceChoice choice) {
    return TaskProfiles.of(
        session.context(), devices(workers, choice).stream().noneMatch(WorkerDevice::onGpu));
  }

  /** How an epoch is divided into rounds. */
  EpochPlan plan(TrainOptions options, int workers) {
    int examples = source(options).size(Subset.TRAIN) - options.validation();
    if (examples < workers) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%d training examples%s for %d workers: lower --workers%s",
              Math.max(0, examples),
              options.validation() > 0 ? " (and " + options.validation() + " held out)" : "",
              workers,
              options.validation() > 0 ? " or --validation" : " or raise --train-limit"));
    }
    int batchSize = options.batchSizePerWorker(workers);
    return new EpochPlan(examples, workers, batchSize, options.averaging().period());
  }

  /**
   * The networks that a run trains.
   *
   * @throws InputException when one of them cannot be
   */
  public List<NetworkBlueprint> networks(TrainOptions options, int workers) {
    EpochPlan plan = plan(options, workers);
    DataSchema schema = source(options).schema();
    return once(
        List.of("networks", options, workers),
        () ->
            described(options).stream()
                .map(network -> Networks.blueprint(network, options, plan, schema))
                .toList());
  }

  /**
   * The same, after a check that the workers' devices can train them, from these parameters, and
   * that the driver can collect their updates if it is to.
   *
   * @param init the model that the run starts from, if it does
   * @throws InputException when they cannot
   */
  public List<NetworkBlueprint> trainable(
      TrainOptions options, int workers, Optional<WarmStart> init) {
    List<NetworkBlueprint> networks = networks(options, workers);
    init.ifPresent(model -> model.parameters(networks.get(0)));
    new TrainingCheck(this, options, plan(options, workers)).requireFor(networks);
    return networks;
  }

  private List<Network> described(TrainOptions options) {
    return once(
        List.of("described", options.model()),
        () -> Networks.read(options.model(), session.hadoop()));
  }

  /** Everything that determines a run's result. */
  public RunIdentity identity(TrainOptions options, int workers, Optional<WarmStart> init) {
    return RunIdentity.of(
        options,
        plan(options, workers),
        new Facts(
            fingerprint(options),
            init.map(WarmStart::sha256),
            WorkerDevice.kinds(devices(workers, options.cluster().device())),
            Networks.identities(described(options), options, source(options).schema())));
  }

  /** The key determines the type of the value. */
  @SuppressWarnings("unchecked")
  private synchronized <T> T once(List<Object> key, Supplier<T> find) {
    if (!known.containsKey(key)) {
      known.put(key, find.get());
    }
    return (T) known.get(key);
  }
}
