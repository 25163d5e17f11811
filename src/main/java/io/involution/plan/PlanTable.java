package io.involution.plan;

import io.involution.config.ExchangeChoice;
import io.involution.plan.Prediction.Parts;
import io.involution.report.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntUnaryOperator;

/** A network's rounds for 1, 2, 4 ... workers, as a table for a terminal. */
public final class PlanTable {
  /** The share of a round that may go to anything but local steps. */
  private static final double SHARE = 0.05;

  /** Spark's default of spark.driver.maxResultSize. */
  private static final long RESULT_BYTES = 1L << 30;

  private final Coefficients coefficients;
  private final Cluster cluster;
  private final int averagingPeriod;

  /**
   * What is planned.
   *
   * @param coefficients what the parts of a round cost
   * @param cluster the cluster, with the most workers
   * @param averagingPeriod local steps of a round, H
   */
  public PlanTable(Coefficients coefficients, Cluster cluster, int averagingPeriod) {
    this.coefficients = coefficients;
    this.cluster = cluster;
    this.averagingPeriod = averagingPeriod;
  }

  /** The numbers of workers that a table shows: the powers of 2, and the number itself. */
  public static List<Integer> workers(int most) {
    List<Integer> shown = new ArrayList<>();
    for (long workers = 1; workers < most; workers *= 2) {
      shown.add((int) workers);
    }
    shown.add(most);
    return shown;
  }

  /**
   * Draws the table.
   *
   * @param network the network's name
   * @param batchSize examples of a worker's minibatch, by the number of workers
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
      "%,d".formatted(round.workers()),
      "%,d".formatted(round.work().batchSizePerWorker()),
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
            "%,d updates are %.1f GiB: collecting them takes spark.driver.maxResultSize (1g unless set) and heap of more than that%n",
            round.workers(),
            bytes / (double) RESULT_BYTES)
        : "";
  }

  private static String milliseconds(double seconds) {
    return String.format(Locale.ROOT, "%,.1f", 1000 * seconds);
  }
}
