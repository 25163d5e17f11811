package io.involution.cli;

import io.involution.config.AtLeast;
import io.involution.config.DeviceChoice;
import io.involution.config.TrainOptions;
import io.involution.data.DataSchema;
import io.involution.driver.RunInputs;
import io.involution.driver.input.DriverFile;
import io.involution.driver.input.Networks;
import io.involution.failure.InputException;
import io.involution.failure.Places;
import io.involution.model.network.Network;
import io.involution.plan.Cluster;
import io.involution.plan.Coefficients;
import io.involution.plan.CoefficientsFile;
import io.involution.plan.Training;
import io.involution.plan.measure.CalibrationLog;
import io.involution.plan.measure.DriverSimulation;
import io.involution.plan.measure.NetworkEstimate;
import io.involution.plan.measure.PlanMeasurement;
import io.involution.spark.ApplicationName;
import io.involution.spark.ClusterSession;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Predicts rounds on a cluster that does not exist yet; measures the coefficients of the
 * prediction.
 */
@Command(
    name = "plan",
    description = {
      "Predicts the cost of a round on a cluster of a given size, without needing one: seconds by"
          + " phase, examples per second, efficiency, the averaging period that keeps everything"
          + " but local steps below a share of the time, and how long the training takes.",
      "With --measure or --simulate it measures instead, on the cluster where it runs."
    },
    mixinStandardHelpOptions = true,
    modelTransformer = TrainFlags.class)
@Takes({
  "model",
  "epochs",
  "batch-size",
  "batch-size-per-worker",
  "averaging-period",
  "optimizer",
  "updater-state",
  "exchange",
  "device"
})
final class PlanCommand implements Callable<Integer> {
  private static final double PERCENT = 100;

  /** What measures takes; everything else would have no effect there. */
  private static final Set<String> MEASURING =
      Set.of("--measure", "--simulate", "--config", "--model", "--rounds", "--warm-up");

  @Spec private CommandSpec spec;
  @Mixin private ConfigFlag config;
  @Mixin private SchemaFlags data;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "Largest number of workers in the table.")
  private Integer workers;

  @Option(
      names = "--network-gbps",
      paramLabel = "B",
      description = "Bandwidth of every machine's network link, in Gbit/s.")
  private Double networkGbps;

  @Option(
      names = "--slots",
      paramLabel = "S",
      description = "Workers that run at once, one executor each. Default: all.")
  private Integer slots;

  @Option(
      names = "--examples",
      paramLabel = "N",
      description = "Training examples. Default: ${DEFAULT-VALUE}, as many as CIFAR-10 has.")
  private int examples = 50_000;

  @Option(
      names = "--overhead",
      paramLabel = "PERCENT",
      description =
          "Share of a round that may be something else than local steps, for the averaging period"
              + " that is proposed. Default: ${DEFAULT-VALUE}.")
  private double overhead = 5;

  @Option(
      names = "--coefficients",
      paramLabel = "FILE",
      description =
          "A file that --measure has written. Default: conf/plan.conf of the job jar, its part for"
              + " GPUs with --device gpu.")
  private String coefficients;

  @Option(
      names = "--measure",
      arity = "0..1",
      paramLabel = "FILE",
      fallbackValue = "",
      description =
          "Measure the coefficients here, with one worker per task slot, and write them to FILE.")
  private String measure;

  @Option(
      names = "--simulate",
      split = ",",
      paramLabel = "N",
      description =
          "Run rounds of N tasks that return at once, such as 256,1024, to find the driver's own"
              + " limit.")
  private List<Integer> simulate;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description =
          "Measurements of each kind with --measure and --simulate. Default: ${DEFAULT-VALUE}.")
  private int rounds = 11;

  @Option(
      names = "--warm-up",
      paramLabel = "SECONDS",
      description = "How long each kind runs before it is measured. Default: ${DEFAULT-VALUE}.")
  private int warmUpSeconds = 5;

  @Override
  public Integer call() {
    PrintStream out = System.out;
    if (measure != null || simulate != null) {
      TrainOptions options = config.options();
      requireSound(options);
      try (ClusterSession session =
          ClusterSession.open(ApplicationName.of("plan", Optional.empty()))) {
        measure(session, options, out);
      }
      return 0;
    }
    if (workers == null || networkGbps == null) {
      throw new InputException(
          "plan needs --workers N and --network-gbps B to predict, or --measure or --simulate to"
              + " measure: add them");
    }
    if (given().anyMatch(Set.of("--rounds", "--warm-up")::contains)) {
      throw new InputException(
          "--rounds and --warm-up are of measurements: leave them out, or measure with --measure"
              + " or --simulate");
    }
    // For train, 0 means all task slots; here there are none.
    AtLeast.require("--workers", workers, 1);
    predict(config.options(), out);
    return 0;
  }

  /** The options on the command line, by name. */
  private Stream<String> given() {
    return spec.commandLine().getParseResult().matchedOptions().stream()
        .map(OptionSpec::longestName)
        .filter(name -> !name.equals("--verbose"));
  }

  private void requireSound(TrainOptions options) {
    String unused =
        given().filter(name -> !MEASURING.contains(name)).collect(Collectors.joining(", "));
    if (!unused.isEmpty()) {
      throw new InputException(
          "--measure and --simulate measure this cluster, with the steps of one worker per slot:"
              + " leave out "
              + unused);
    }
    if (options.cluster().device() != DeviceChoice.AUTO) {
      throw new InputException(
          "--measure and --simulate take the devices that Spark gives the tasks: leave out device"
              + " in the file of --config");
    }
    AtLeast.require("--rounds", rounds, 1);
    AtLeast.require("--warm-up", warmUpSeconds, 0);
    if (simulate != null) {
      simulate.forEach(tasks -> AtLeast.require("--simulate", tasks, 1));
    }
  }

  private void measure(ClusterSession session, TrainOptions options, PrintStream out) {
    List<Network> networks =
        measure == null ? List.of() : Networks.read(options.model(), HadoopSettings.here());
    CalibrationLog log = new CalibrationLog(rounds, warmUpSeconds, out::println);
    RunInputs inputs = RunInputs.forNetworks(session, log::say);
    PlanMeasurement measurement = new PlanMeasurement(inputs, log);
    if (measure != null && !measure.isEmpty()) {
      measurement.requireWritable(measure);
    }
    if (simulate != null) {
      new DriverSimulation(inputs, log).run(simulate);
    }
    if (measure != null) {
      String text = measurement.run(networks);
      if (measure.isEmpty()) {
        out.print(text);
      } else {
        measurement.write(measure, text);
        out.println("written to " + Places.shown(measure));
      }
    }
    out.flush();
  }

  private void predict(TrainOptions options, PrintStream out) {
    if (!(networkGbps > 0)) {
      throw new InputException("--network-gbps is " + networkGbps + ": use a number above 0");
    }
    if (!(overhead > 0 && overhead < PERCENT)) {
      throw new InputException(
          "--overhead is " + overhead + ": use a share above 0 and below 100, in percent");
    }
    int most = workers;
    int tasksAtOnce = slots == null ? most : slots;
    AtLeast.require("--slots", tasksAtOnce, 1);
    Cluster cluster =
        new Cluster(most, tasksAtOnce, networkGbps, options.averaging().usedExchange());
    // Rejects what is invalid before anything is printed.
    options.batchSizePerWorker(most);
    AtLeast.require("--examples", examples, 1);
    Training training = new Training(examples, options.epochs().value());
    training.requireFor(most);
    Coefficients known = known(options.cluster().device());
    DataSchema schema = data.schema();
    List<NetworkEstimate> networks =
        Networks.read(options.model(), HadoopSettings.here()).stream()
            .map(network -> NetworkEstimate.of(network, options, schema, known))
            .toList();
    new PlanPrediction(options, training, cluster, overhead / PERCENT)
        .print(
            known,
            coefficients == null ? "conf/plan.conf of the job jar" : Places.shown(coefficients),
            networks,
            out);
  }

  private Coefficients known(DeviceChoice device) {
    boolean gpus = device == DeviceChoice.GPU;
    if (coefficients == null) {
      return CoefficientsFile.shipped(gpus);
    }
    return CoefficientsFile.read(
        Places.shown(coefficients),
        DriverFile.text("--coefficients", coefficients, HadoopSettings.here()),
        gpus);
  }
}
