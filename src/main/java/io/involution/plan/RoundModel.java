package io.involution.plan;

import io.involution.config.training.ExchangeChoice;
import io.involution.plan.Prediction.Parts;

/**
 * A model of a round's cost. With W workers on S slots, n = ceil(W / S) waves, H local steps of b
 * examples, a model state of m bytes (4 bytes for each parameter and each of Adam's two moments,
 * with Adam) and a link of B bytes per second:
 *
 * <pre>
 * compute     n H (step + example b)
 * broadcast   offer(m) + spread(m) + receive(m)
 * copy        n copy
 * collect     W m (result + average + 1 / B)
 *             scheduling  job + W task
 * shuffle     n (m (result + average + 1 / B) + W block) + m (result + 1 / B)
 *             scheduling  2 job + 2 W task
 * </pre>
 *
 * <p>A round is what one job takes: with a single worker, several of the training's. All workers
 * are equally fast and nothing overlaps, so that the parts add up; averaging while other updates
 * arrive counts as part of the results. For a single worker on its machine, a step is divided by
 * the measured contention. If the coefficients were measured with executors on the driver's own
 * cores, the costs per task and per byte of a result are upper bounds: on a cluster the executors
 * do their share in parallel.
 *
 * <p><b>Collect.</b> All W updates go through the link of the driver, which deserializes and
 * averages all of them. <b>Shuffle.</b> Every executor sends its update in W slices, receives as
 * much, and averages one slice of all; the driver gets one model. Each of its W blocks has a cost,
 * however small.
 *
 * <p><b>Broadcast.</b> Spark's TorrentBroadcast cuts the serialized state into blocks of 4 MiB. An
 * executor asks the driver which executors have a block, fetches it from a random one of them, and
 * then offers it too. So the driver's link carries a block once for every executor that asks before
 * the first one has all of it. One task starts every {@code task} seconds, and all of them share
 * the driver's link: a block that takes s seconds alone is first complete when T satisfies {@code
 * integral from 0 to T of dt / (1 + t / task) = s}, and {@code exp(s / task)} executors have asked
 * by then, at most all E of them. They wait until the driver's link has served them all; they
 * exchange further blocks among themselves at the full speed of their links:
 *
 * <pre>
 * spread(m) = (min(E, exp(s / task)) - 1) s + m / B,   s = min(m, 4 MiB) / B
 * </pre>
 */
public final class RoundModel {
  /** Spark's default of spark.broadcast.blockSize. */
  private static final double BLOCK_BYTES = 4 << 20;

  private final Coefficients coefficients;

  /** Creates a model with the coefficients of a machine. */
  public RoundModel(Coefficients coefficients) {
    this.coefficients = coefficients;
  }

  /**
   * Predicts a round, with the exchange that a training would use.
   *
   * @throws io.involution.failure.InputException if the network was not measured
   */
  public Prediction predict(Cluster cluster, Work work) {
    return cluster.exchange().shuffles(cluster.workers(), network(work).stateBytes())
        ? shuffle(cluster, work)
        : collect(cluster, work);
  }

  /** The same round with the other exchange. */
  Prediction withOtherExchange(Cluster cluster, Prediction round) {
    return round.exchange() == ExchangeChoice.COLLECT
        ? shuffle(cluster, round.work())
        : collect(cluster, round.work());
  }

  private Prediction collect(Cluster cluster, Work work) {
    double bytes = (double) cluster.workers() * network(work).stateBytes();
    double exchange = bytes * (perResultByte() + perAverageByte()) + cluster.transfer(bytes);
    double scheduling = coefficients.scheduling().at(cluster.workers());
    return prediction(cluster, work, ExchangeChoice.COLLECT, exchange, scheduling);
  }

  private Prediction shuffle(Cluster cluster, Work work) {
    double bytes = network(work).stateBytes();
    double ofWorker =
        bytes * (perResultByte() + perAverageByte())
            + cluster.transfer(bytes)
            + cluster.workers() * coefficients.exchange().shufflePerBlock();
    double ofDriver = bytes * perResultByte() + cluster.transfer(bytes);
    double scheduling = 2 * coefficients.scheduling().at(cluster.workers());
    return prediction(
        cluster, work, ExchangeChoice.SHUFFLE, cluster.waves() * ofWorker + ofDriver, scheduling);
  }

  private Prediction prediction(
      Cluster cluster, Work work, ExchangeChoice by, double exchange, double scheduling) {
    NetworkCosts network = network(work);
    double step = network.step().at(work.batchSizePerWorker());
    if (cluster.executors() == 1) {
      step /= network.contention();
    }
    double bytes = network.stateBytes();
    double broadcast =
        coefficients.broadcast().at(bytes)
            + spread(cluster, bytes)
            + coefficients.receive().at(bytes);
    Parts parts =
        new Parts(
            cluster.waves() * work.averagingPeriod() * step,
            broadcast,
            cluster.waves() * network.copySeconds(),
            exchange,
            scheduling);
    return new Prediction(work, cluster.workers(), by, parts);
  }

  /**
   * Seconds until all executors have a state of this many bytes, as far as the network is
   * concerned.
   */
  double spread(Cluster cluster, double bytes) {
    double block = cluster.transfer(Math.min(bytes, BLOCK_BYTES));
    if (block == 0) {
      return 0;
    }
    double asked = Math.exp(block / coefficients.scheduling().each());
    return (Math.min(cluster.executors(), asked) - 1) * block + cluster.transfer(bytes);
  }

  private NetworkCosts network(Work work) {
    return coefficients.network(work.network());
  }

  private double perResultByte() {
    return coefficients.exchange().resultPerByte();
  }

  private double perAverageByte() {
    return coefficients.exchange().averagePerByte();
  }
}
