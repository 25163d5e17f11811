package io.involution.train.time;

import io.involution.config.training.AveragingOptions;
import io.involution.config.training.AveragingPeriod;
import io.involution.config.training.OuterStepChoice;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How an epoch is divided into rounds and local steps. Every worker takes the same number of steps,
 * {@code ceil(largest shard / batchSizePerWorker)}, with its shard divided evenly among them, so
 * that all workers' step counts agree and every example is used once.
 *
 * @param examples number of training examples
 * @param workers number of workers
 * @param batchSizePerWorker maximum number of examples in a worker's minibatch, at most those of
 *     the largest shard; if it is 1 and shards differ in size, larger shards have one minibatch of
 *     2, so that smaller ones have none of 0
 * @param averagingPeriod maximum number of local steps in a round, H, by epoch
 */
public record EpochPlan(
    int examples, int workers, int batchSizePerWorker, AveragingPeriod averagingPeriod) {

  /**
   * Checks that every worker has an example and every number is positive; a minibatch that is
   * larger than the largest shard is that shard.
   */
  public EpochPlan {
    if (workers < 1 || batchSizePerWorker < 1 || examples < workers) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "examples %d, workers %d, batch size per worker %d",
              examples,
              workers,
              batchSizePerWorker));
    }
    batchSizePerWorker = Math.min(batchSizePerWorker, ceilDivide(examples, workers));
  }

  /** A plan with the same averaging period in all epochs. */
  public EpochPlan(int examples, int workers, int batchSizePerWorker, int averagingPeriod) {
    this(examples, workers, batchSizePerWorker, AveragingPeriod.of(averagingPeriod));
  }

  /**
   * Local steps that every worker takes in an epoch: at most the number of examples in the smallest
   * shard.
   */
  public int stepsPerEpoch() {
    int largestShard = ceilDivide(examples, workers);
    int smallestShard = examples / workers;
    return Math.min(ceilDivide(largestShard, batchSizePerWorker), smallestShard);
  }

  /** Maximum number of local steps in a round of an epoch (from 1). */
  public int averagingPeriod(int epoch) {
    return averagingPeriod.in(epoch).orElse(stepsPerEpoch());
  }

  /** The smallest averaging period of all epochs, in local steps. */
  int smallestAveragingPeriod() {
    int steps = stepsPerEpoch();
    return averagingPeriod.phases().stream()
        .mapToInt(phase -> Math.min(steps, phase.steps().orElse(steps)))
        .min()
        .orElseThrow();
  }

  /** The outer step that a run's options ask for. */
  public OuterStepChoice outerStep(AveragingOptions options) {
    return options.outerStep(workers, smallestAveragingPeriod());
  }

  /** Number of rounds in an epoch (from 1). */
  public int roundsIn(int epoch) {
    return roundsIn(epoch, stepsPerEpoch());
  }

  /**
   * Number of rounds in the first steps of an epoch (from 1).
   *
   * @param steps local steps, at least 1
   */
  int roundsIn(int epoch, int steps) {
    return ceilDivide(steps, averagingPeriod(epoch));
  }

  /** The rounds of one epoch, in order. */
  public List<Round> rounds(int epoch) {
    int steps = stepsPerEpoch();
    int period = averagingPeriod(epoch);
    List<Round> rounds = new ArrayList<>();
    for (int first = 0; first < steps; first += period) {
      int last = Math.min(steps, first + period);
      rounds.add(new Round(epoch, rounds.size() + 1, first, last, steps));
    }
    return rounds;
  }

  /** For numbers of at least 1; the usual formula could overflow. */
  private static int ceilDivide(int dividend, int divisor) {
    return 1 + (dividend - 1) / divisor;
  }
}
