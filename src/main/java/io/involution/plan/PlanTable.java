package io.involution.plan;

import io.involution.config.ExchangeChoice;
import io.involution.plan.Prediction.Parts;
import io.involution.report.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntUnaryOperator;

/** Predicted rounds for 1, 2, 4 ... workers, as a table for a terminal. */
public final class PlanTable {
  /** The share of a round that may be overhead. */
  private static final double SHARE = 0.05;

  /** Spark's default of spark.driver.maxResultSize. */
  private static final long RESULT_BYTES = 1L << 30;

  private final Coefficients coefficients;
  private final Cluster cluster;
  private final int averagingPeriod;

  /**
   * Prepares a table.
   *
   * @param coefficients the costs of a round's parts
   * @param cluster the cluster, with the largest number of workers
   * @param averagingPeriod local steps of a round, H
   */
  public PlanTable(Coefficients coefficients, Cluster cluster, int averagingPeriod) {
    this.coefficients = coefficients;
    this.cluster = cluster;
    this.averagingPeriod = averagingPeriod;
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
   * Returns the table of a network.
   *
   * @param network the network's name
   * @param batchSize size of a worker's minibatch for a number of workers
   */
  public String of(String network, IntUnaryOperator batchSize) {
    RoundModel model = new RoundModel(coefficients);
    TextTable table = new TextTable();
    table
        .row(
            "workers",
            "minibatch",
            "steps ms",
            "broadcast",
            "copy",
            "exchange",
            "",
            "scheduling",
            "round ms",
            "examples/s",
            "efficiency",
            "H for 5 %")
        .rule();
    Prediction alone = null;
    Prediction last = null;
    for (int workers : workers(cluster.workers())) {
      Work work = new Work(network, batchSize.applyAsInt(workers), averagingPeriod);
      last = model.predict(cluster.with(workers), work);
      alone = alone == null ? last : alone;
      table.row(row(last, RoundModel.efficiency(last, alone)));
    }
    return table + notes(last);
  }

  private static String[] row(Prediction round, double efficiency) {
    Parts parts = round.parts();
    return new String[] {
      String.format(Locale.ROOT, "%,d", round.workers()),
      String.format(Locale.ROOT, "%,d", round.work().batchSizePerWorker()),
      milliseconds(parts.compute()),
      milliseconds(parts.broadcast()),
      milliseconds(parts.copy()),
      milliseconds(parts.exchange()),
      round.exchange().word(),
      milliseconds(parts.scheduling()),
      milliseconds(round.total()),
      String.format(Locale.ROOT, "%,.0f", round.examplesPerSecond()),
      String.format(Locale.ROOT, "%.0f%%", 100 * efficiency),
      String.format(Locale.ROOT, "%,d", round.smallestPeriod(SHARE))
    };
  }

  private String notes(Prediction round) {
    long bytes = round.workers() * coefficients.network(round.work().network()).stateBytes();
    return round.exchange() == ExchangeChoice.COLLECT && bytes > RESULT_BYTES
        ? String.format(
            Locale.ROOT,
            "%,d updates are %.1f GiB: collecting them needs spark.driver.maxResultSize (default"
                + " 1g) and a driver heap above that%n",
            round.workers(),
            bytes / (double) RESULT_BYTES)
        : "";
  }

  private static String milliseconds(double seconds) {
    return String.format(Locale.ROOT, "%,.1f", 1000 * seconds);
  }
}
