package io.involution.plan;

import io.involution.config.training.ExchangeChoice;
import io.involution.metrics.Durations;
import io.involution.plan.Prediction.Parts;
import io.involution.report.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntUnaryOperator;

/** Predicted rounds for 1, 2, 4 ... workers, as tables for a terminal of 80 columns. */
public final class PlanTable {
  /** The share of a round that may be overhead. */
  private static final double SHARE = 0.05;

  /** Spark's default of spark.driver.maxResultSize. */
  private static final long RESULT_BYTES = 1L << 30;

  private final Coefficients coefficients;
  private final Cluster cluster;
  private final int averagingPeriod;
  private final Training training;

  /**
   * Prepares a table.
   *
   * @param coefficients the costs of a round's parts
   * @param cluster the cluster, with the largest number of workers
   * @param averagingPeriod local steps of a round, H
   * @param training what is trained
   */
  public PlanTable(
      Coefficients coefficients, Cluster cluster, int averagingPeriod, Training training) {
    this.coefficients = coefficients;
    this.cluster = cluster;
    this.averagingPeriod = averagingPeriod;
    this.training = training;
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
    RoundModel model = new RoundModel(coefficients);
    List<Prediction> rounds = new ArrayList<>();
    for (int workers : workers(cluster.workers())) {
      Work work = new Work(network, batchSize.applyAsInt(workers), averagingPeriod);
      rounds.add(model.predict(cluster.with(workers), work));
    }
    return "a round, in milliseconds:\n"
        + parts(rounds)
        + "\nthe training:\n"
        + trainings(rounds)
        + notes(rounds.get(rounds.size() - 1));
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

  private TextTable trainings(List<Prediction> rounds) {
    TextTable table = new TextTable();
    table.row("workers", "minibatch", "examples/s", "efficiency", "H for 5 %", "training").rule();
    for (Prediction round : rounds) {
      table.row(
          count(round.workers()),
          count(round.work().batchSizePerWorker()),
          String.format(Locale.ROOT, "%,.0f", round.examplesPerSecond()),
          String.format(Locale.ROOT, "%.0f%%", 100 * RoundModel.efficiency(round, rounds.get(0))),
          count(round.smallestPeriod(SHARE)),
          Durations.words(training.seconds(round)));
    }
    return table;
  }

  private String notes(Prediction round) {
    return period(round) + results(round);
  }

  /** What to choose where averages are so frequent that the workers mostly wait. */
  private String period(Prediction round) {
    long period = round.smallestPeriod(SHARE);
    return period > averagingPeriod
        ? String.format(
            Locale.ROOT,
            "--averaging-period %d keeps what is not local steps under 5 %% with %s%n",
            period,
            round.workers() == 1 ? "1 worker" : count(round.workers()) + " workers")
        : "";
  }

  private String results(Prediction round) {
    long bytes = round.workers() * coefficients.network(round.work().network()).stateBytes();
    return round.exchange() == ExchangeChoice.COLLECT && bytes > RESULT_BYTES
        ? String.format(
            Locale.ROOT,
            "%,d updates are %.1f GiB: to collect them, spark.driver.maxResultSize (1g) and%n"
                + "the driver's memory have to be above that%n",
            round.workers(),
            bytes / (double) RESULT_BYTES)
        : "";
  }

  private static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  private static String milliseconds(double seconds) {
    return String.format(Locale.ROOT, "%,.1f", 1000 * seconds);
  }
}
