package io.involution.plan;

import io.involution.config.training.AveragingPeriod;
import io.involution.config.training.AveragingPeriod.Phase;
import io.involution.config.training.ExchangeChoice;
import io.involution.metrics.Durations;
import io.involution.plan.Prediction.Parts;
import io.involution.report.TextTable;
import io.involution.train.Pace;
import io.involution.train.time.EpochPlan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.IntUnaryOperator;

/** Predicted rounds for 1, 2, 4 ... workers, as tables for a terminal of 80 columns. */
public final class PlanTable {
  /** Spark's default of spark.driver.maxResultSize. */
  private static final long RESULT_BYTES = 1L << 30;

  private final Coefficients coefficients;
  private final Cluster cluster;
  private final Training training;

  /** Only the phases that begin within the training. */
  private final AveragingPeriod period;

  private final double share;

  /**
   * Prepares a table.
   *
   * @param coefficients the costs of a round's parts
   * @param cluster the cluster, with the largest number of workers
   * @param training what is trained
   * @param period local steps of a round, H, by epoch
   * @param share the share of a round, between 0 and 1, that may be something else than local steps
   */
  public PlanTable(
      Coefficients coefficients,
      Cluster cluster,
      Training training,
      AveragingPeriod period,
      double share) {
    this.coefficients = coefficients;
    this.cluster = cluster;
    this.training = training;
    this.period =
        new AveragingPeriod(
            period.phases().stream()
                .filter(phase -> phase.fromEpoch() < training.epochs() + 1)
                .toList());
    this.share = share;
  }

  /**
   * The training of a number of workers.
   *
   * @param rounds a round of every phase of the averaging period
   * @param seconds what all rounds take
   */
  private record Run(List<Prediction> rounds, double seconds) {
    /** A round of the phase with the most averages. */
    private Prediction shortest() {
      return rounds.stream()
          .min(Comparator.comparingInt(round -> round.work().averagingPeriod()))
          .orElseThrow();
    }
  }

  /** The numbers of workers in a table: the powers of 2, and the largest number itself. */
  public static List<Integer> workers(int most) {
    List<Integer> shown = new ArrayList<>();
    for (long workers = 1; workers < most; workers *= 2) {
      shown.add((int) workers);
    }
    shown.add(most);
    return shown;
  }

  /**
   * Returns the tables of a network: what a round is made of, and what that makes of the training.
   *
   * @param network the network's name
   * @param batchSize size of a worker's minibatch for a number of workers
   */
  public String of(String network, IntUnaryOperator batchSize) {
    List<Run> runs =
        workers(cluster.workers()).stream()
            .map(workers -> run(network, workers, batchSize.applyAsInt(workers)))
            .toList();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < period.phases().size(); i++) {
      int phase = i;
      int from = period.phases().get(i).fromEpoch();
      text.append("a round")
          .append(period.isConstant() ? "" : " from epoch " + from + " on")
          .append(", in milliseconds:\n")
          .append(parts(runs.stream().map(run -> run.rounds().get(phase)).toList()))
          .append('\n');
    }
    Prediction most = runs.get(runs.size() - 1).shortest();
    text.append("the training:\n").append(trainings(runs));
    return text.append(period(most)).append(exchange(most)).toString();
  }

  private Run run(String network, int workers, int batchSize) {
    EpochPlan plan = training.epoch(workers, batchSize, period);
    List<Prediction> rounds = new ArrayList<>();
    List<Phase> taken = new ArrayList<>();
    for (Phase phase : period.phases()) {
      Prediction round = round(network, plan, phase.fromEpoch());
      rounds.add(round);
      taken.add(new Phase(phase.fromEpoch(), OptionalInt.of(round.work().averagingPeriod())));
    }
    return new Run(rounds, training.seconds(rounds.get(0), new AveragingPeriod(taken)));
  }

  /** A round, which is at most an epoch; of one worker, as many as it takes in one job. */
  private Prediction round(String network, EpochPlan plan, int epoch) {
    RoundModel model = new RoundModel(coefficients);
    int workers = plan.workers();
    int most = plan.stepsPerEpoch();
    int steps = Math.min(plan.averagingPeriod(epoch), most);
    int used = plan.batchSizePerWorker();
    Prediction one = model.predict(cluster.with(workers), new Work(network, used, steps));
    if (workers > 1) {
      return one;
    }
    int together = (int) Math.max(1, Math.min(most, Pace.SECONDS / one.parts().compute()));
    Work atOnce = new Work(network, used, (int) Math.min(most, (long) together * steps));
    return model.predict(cluster.with(workers), atOnce);
  }

  private static TextTable parts(List<Prediction> rounds) {
    TextTable table = new TextTable();
    table
        .row("workers", "local steps", "broadcast", "copy", "exchange", "", "scheduling", "round")
        .rule();
    for (Prediction round : rounds) {
      Parts parts = round.parts();
      table.row(
          count(round.workers()),
          milliseconds(parts.compute()),
          milliseconds(parts.broadcast()),
          milliseconds(parts.copy()),
          milliseconds(parts.exchange()),
          round.exchange().word(),
          milliseconds(parts.scheduling()),
          milliseconds(round.total()));
    }
    return table;
  }

  private TextTable trainings(List<Run> runs) {
    TextTable table = new TextTable();
    table
        .row(
            "workers",
            "minibatch",
            "examples/s",
            "efficiency",
            "H for " + percent(share),
            "training")
        .rule();
    double alone = runs.get(0).seconds();
    for (Run run : runs) {
      Prediction round = run.shortest();
      double speed = training.examples() * training.epochs() / run.seconds();
      double efficiency = alone / (round.workers() * run.seconds());
      table.row(
          count(round.workers()),
          count(round.work().batchSizePerWorker()),
          String.format(Locale.ROOT, "%,.0f", speed),
          String.format(Locale.ROOT, "%.0f%%", 100 * efficiency),
          proposed(round),
          Durations.words(run.seconds()));
    }
    return table;
  }

  private int stepsPerEpoch(Prediction round) {
    return training
        .epoch(round.workers(), round.work().batchSizePerWorker(), period)
        .stepsPerEpoch();
  }

  /** The averaging period for the share, or what share is left with an average an epoch. */
  private String proposed(Prediction round) {
    int epoch = stepsPerEpoch(round);
    long proposed = round.smallestPeriod(share);
    if (round.workers() == 1 && proposed <= round.work().averagingPeriod()) {
      return "any";
    }
    return proposed <= epoch ? count(proposed) : "epoch: " + percent(round.overheadShare(epoch));
  }

  /** What to choose where averages are so frequent that the workers mostly wait. */
  private String period(Prediction round) {
    long proposed = round.smallestPeriod(share);
    if (proposed <= round.work().averagingPeriod()) {
      return "";
    }
    String workers = round.workers() == 1 ? "1 worker" : count(round.workers()) + " workers";
    int epoch = stepsPerEpoch(round);
    return proposed <= epoch
        ? String.format(
            Locale.ROOT,
            "--averaging-period %d keeps what is not local steps under %s with %s%n",
            proposed,
            percent(share),
            workers)
        : String.format(
            Locale.ROOT,
            "An epoch of %s has %,d steps: --averaging-period epoch%n"
                + "leaves %s of a round that is not local steps%n",
            workers,
            epoch,
            percent(round.overheadShare(epoch)));
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, share < 0.1 ? "%.2g %%" : "%.0f %%", 100 * share)
        .replace(".0 ", " ");
  }

  /** What to change for the exchange that was chosen, or which one to choose. */
  private String exchange(Prediction round) {
    long bytes = round.workers() * coefficients.network(round.work().network()).stateBytes();
    if (cluster.exchange() == ExchangeChoice.COLLECT && bytes > RESULT_BYTES) {
      return String.format(
          Locale.ROOT,
          "%,d updates are %.1f GiB: to collect them, spark.driver.maxResultSize (1g) and%n"
              + "the driver's memory have to be above that%n",
          round.workers(),
          bytes / (double) RESULT_BYTES);
    }
    Prediction other = new RoundModel(coefficients).withOtherExchange(cluster, round);
    boolean possible = other.exchange() == ExchangeChoice.SHUFFLE || bytes <= RESULT_BYTES;
    return cluster.exchange() == ExchangeChoice.AUTO && possible && other.total() < round.total()
        ? String.format(
            Locale.ROOT,
            "--exchange %s is faster by this model: %s ms with %s workers%n",
            other.exchange().word(),
            milliseconds(other.total()),
            count(round.workers()))
        : "";
  }

  private static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  private static String milliseconds(double seconds) {
    return String.format(Locale.ROOT, seconds < 100 ? "%,.1f" : "%,.0f", 1000 * seconds);
  }
}
