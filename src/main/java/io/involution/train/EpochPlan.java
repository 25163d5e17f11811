package io.involution.train;

import io.involution.config.AveragingOptions;
import io.involution.config.AveragingPeriod;
import io.involution.config.OuterStepChoice;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How an epoch is cut into rounds and local steps. Every worker takes the same number of steps,
 * {@code ceil(largest shard / batchSizePerWorker)}, with its shard spread evenly over them, so that
 * all workers' step counts agree and every example is used once.
 *
 * @param examples number of training examples
 * @param workers number of workers
 * @param batchSizePerWorker the most examples of a worker's minibatch; where it is 1 and shards are
 *     unequal, larger shards have one minibatch of 2, so that smaller ones have none of 0
 * @param averagingPeriod the most local steps of a round, H, by epoch
 */
public record EpochPlan(
    int examples, int workers, int batchSizePerWorker, AveragingPeriod averagingPeriod) {

  /** Checks that every worker gets an example and every number is positive. */
  public EpochPlan {
    if (workers < 1 || batchSizePerWorker < 1 || examples < workers) {
      throw new IllegalArgumentException(
          "examples %d, workers %d, batch size per worker %d"
              .formatted(examples, workers, batchSizePerWorker));
    }
  }

  /** A plan with the same averaging period in all epochs. */
  public EpochPlan(int examples, int workers, int batchSizePerWorker, int averagingPeriod) {
    this(examples, workers, batchSizePerWorker, AveragingPeriod.of(averagingPeriod));
  }

  /** A plan with one round an epoch. */
  public static EpochPlan oneRound(int examples, int workers, int batchSizePerWorker) {
    return new EpochPlan(examples, workers, batchSizePerWorker, AveragingPeriod.oncePerEpoch());
  }

  /**
   * Local steps that every worker takes in an epoch: no more than the smallest shard has examples.
   */
  public int stepsPerEpoch() {
    int largestShard = ceilDivide(examples, workers);
    int smallestShard = examples / workers;
    return Math.min(ceilDivide(largestShard, batchSizePerWorker), smallestShard);
  }

  /** The most local steps of a round of one epoch, from 1. */
  public int averagingPeriod(int epoch) {
    return averagingPeriod.in(epoch).orElse(stepsPerEpoch());
  }

  /** The smallest averaging period of all epochs, in local steps. */
  public int smallestAveragingPeriod() {
    int steps = stepsPerEpoch();
    return averagingPeriod.phases().stream()
        .mapToInt(phase -> Math.min(steps, phase.steps().orElse(steps)))
        .min()
        .orElseThrow();
  }

  /** The outer step that a run's options stand for. */
  public OuterStepChoice outerStep(AveragingOptions options) {
    return options.outerStep(workers, smallestAveragingPeriod());
  }

  /** Rounds of one epoch, from 1. */
  public int roundsIn(int epoch) {
    return ceilDivide(stepsPerEpoch(), averagingPeriod(epoch));
  }

  /** Rounds of the first so many epochs. */
  public long roundsUntil(int epochs) {
    return IntStream.rangeClosed(1, epochs).mapToLong(this::roundsIn).sum();
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

  /** Both at least 1; the usual sum of the two could overflow. */
  private static int ceilDivide(int dividend, int divisor) {
    return 1 + (dividend - 1) / divisor;
  }
}
