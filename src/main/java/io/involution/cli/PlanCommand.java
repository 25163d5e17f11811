package io.involution.cli;

import io.involution.config.AtLeast;
import io.involution.config.ExchangeChoice;
import io.involution.config.ModelChoice;
import io.involution.config.TrainConfig;
import io.involution.config.TrainOptions;
import io.involution.driver.RunInputs;
import io.involution.driver.input.DriverFile;
import io.involution.driver.input.Networks;
import io.involution.failure.InputException;
import io.involution.failure.Places;
import io.involution.model.network.NetworkKind;
import io.involution.plan.Cluster;
import io.involution.plan.Coefficients;
import io.involution.plan.CoefficientsFile;
import io.involution.plan.PlanTable;
import io.involution.plan.measure.CalibrationLog;
import io.involution.plan.measure.DriverSimulation;
import io.involution.plan.measure.PlanMeasurement;
import io.involution.spark.ClusterSession;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Predicts rounds on a cluster that is not there yet; measures what the prediction rests on. */
@Command(
    name = "plan",
    description = {
      "Predicts what a round costs on a cluster of a given size, without one: seconds by part, examples a second, efficiency, and the averaging period that keeps everything but local steps under 5 %%.",
      "With --measure or --simulate it measures instead, on the cluster that it is started on."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class PlanCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      paramLabel = "NETWORK",
      description = "convolution, involution or both (default).")
  private String model = ModelChoice.BOTH.word();

  /** Read by way of the parse result, as train's are; their defaults are in conf/train.conf. */
  @Option(names = "--workers", paramLabel = "N", description = "The most workers of the table.")
  private Integer workers;

  @Option(
      names = "--network-gbps",
      paramLabel = "B",
      description = "Bandwidth of every machine's link, in 10^9 bits a second.")
  private Double networkGbps;

  @SuppressWarnings("UnusedVariable")
  @Option(
      names = "--batch-size",
      paramLabel = "N",
      description = "Examples of a global minibatch, split over the workers (256).")
  private Integer batchSize;

  @SuppressWarnings("UnusedVariable")
  @Option(
      names = "--batch-size-per-worker",
      paramLabel = "N",
      description = "Examples of a worker's minibatch, instead of --batch-size.")
  private Integer batchSizePerWorker;

  @SuppressWarnings("UnusedVariable")
  @Option(
      names = "--averaging-period",
      paramLabel = "H",
      description = "Local steps between two averages (16).")
  private String averagingPeriod;

  @Option(
      names = "--slots",
      paramLabel = "S",
      description = "Workers that run at once, an executor each (default: all).")
  private Integer slots;

  @Option(
      names = "--exchange",
      paramLabel = "WAY",
      description =
          "How updates become their mean: collect, shuffle or auto, the faster (default).")
  private String exchange = ExchangeChoice.AUTO.word();

  @Option(
      names = "--coefficients",
      paramLabel = "FILE",
      description = "What --measure has written (default: conf/plan.conf of the job jar).")
  private String coefficients;

  @Option(
      names = "--measure",
      arity = "0..1",
      paramLabel = "FILE",
      fallbackValue = "",
      description = "Measure the coefficients here, with a worker on every task slot, into FILE.")
  private String measure;

  @Option(
      names = "--simulate",
      split = ",",
      paramLabel = "N",
      description =
          "Run rounds of so many tasks that return at once, such as 256,1024: the driver's own limit.")
  private List<Integer> simulate;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "Measurements of each kind with --measure and --simulate (${DEFAULT-VALUE}).")
  private int rounds = 11;

  @Option(
      names = "--warm-up",
      paramLabel = "SECONDS",
      description = "How long each kind runs before that (${DEFAULT-VALUE}).")
  private int warmUpSeconds = 5;

  @Override
  public Integer call() {
    PrintStream out = System.out;
    if (measure != null || simulate != null) {
      requireSound();
      try (ClusterSession session = ClusterSession.open("involution plan")) {
        measure(session, out);
      }
      return 0;
    }
    if (workers == null || networkGbps == null) {
      throw new InputException(
          "plan needs --workers N and --network-gbps B to predict, or --measure or --simulate to measure: add them");
    }
    // To train, 0 is every slot there is; here there are none.
    AtLeast.require("--workers", workers, 1);
    predict(TrainConfig.load(TrainFlags.given(spec), Optional.empty()), out);
    return 0;
  }

  private void requireSound() {
    if (workers != null || networkGbps != null || coefficients != null) {
      throw new InputException(
          "--measure and --simulate take the cluster as it is: leave --workers, --network-gbps and --coefficients out");
    }
    AtLeast.require("--rounds", rounds, 1);
    AtLeast.require("--warm-up", warmUpSeconds, 0);
    if (simulate != null) {
      simulate.forEach(tasks -> AtLeast.require("--simulate", tasks, 1));
    }
  }

  private void measure(ClusterSession session, PrintStream out) {
    CalibrationLog log = new CalibrationLog(rounds, warmUpSeconds, out::println);
    RunInputs inputs = RunInputs.forNetworks(session, log::say);
    if (simulate != null) {
      new DriverSimulation(inputs, log).run(simulate);
    }
    if (measure != null) {
      PlanMeasurement measurement = new PlanMeasurement(inputs, log);
      String text = measurement.run(Networks.of(ModelChoice.parse(model)));
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
    int most = workers;
    int tasksAtOnce = slots == null ? most : slots;
    AtLeast.require("--slots", tasksAtOnce, 1);
    int period =
        options
            .averaging()
            .period()
            .in(1)
            .orElseThrow(
                () ->
                    new InputException(
                        "--averaging-period epoch says nothing about a round's length: use a number"));
    Cluster cluster = new Cluster(most, tasksAtOnce, networkGbps, ExchangeChoice.parse(exchange));
    // Refused before anything is printed.
    options.batchSizePerWorker(most);
    Coefficients known = known();
    out.printf(
        "coefficients: %s, measured on %s%n",
        coefficients == null ? "conf/plan.conf of the job jar" : Places.shown(coefficients),
        known.measured());
    PlanTable table = new PlanTable(known, cluster, period);
    for (NetworkKind kind : Networks.of(options.model())) {
      String drawn = table.of(kind.label(), options::batchSizePerWorker);
      out.printf(
          "%n%s network, %,d bytes of model state, H %d, %d slots, %s Gbit/s%n%s",
          kind.label(),
          known.network(kind.label()).stateBytes(),
          period,
          tasksAtOnce,
          networkGbps,
          drawn);
    }
    out.flush();
  }

  private Coefficients known() {
    return coefficients == null
        ? CoefficientsFile.shipped()
        : CoefficientsFile.read(
            Places.shown(coefficients), DriverFile.text("--coefficients", coefficients));
  }
}
