package io.involution.config;

import io.involution.failure.InputException;
import java.util.Optional;

/**
 * How the workers' models become one.
 *
 * @param period local steps between two averages
 * @param outerStep what becomes of a round's mean
 * @param outerLearningRate step size of the outer step; empty: its own default
 * @param outerMomentum momentum of the outer step; empty: its own default
 * @param updaterState what becomes of Adam's moments
 * @param exchange how updates become their mean
 */
public record AveragingOptions(
    AveragingPeriod period,
    OuterStepChoice outerStep,
    Optional<Double> outerLearningRate,
    Optional<Double> outerMomentum,
    UpdaterStateChoice updaterState,
    ExchangeChoice exchange) {

  /**
   * Fewest local steps between two averages with which auto takes the momentum: with 16 it was the
   * better step on CIFAR-10, with 4 it kept some runs from learning (README, Averaging and
   * accuracy).
   */
  private static final int MOMENTUM_FROM_STEPS = 16;

  /**
   * Fewest workers with which auto takes the momentum: averaging two costs next to nothing that it
   * could win back, and it has the convolution network over-fit sooner.
   */
  private static final int MOMENTUM_FROM_WORKERS = 3;

  /** Checks the numbers against their bounds, and what excludes what. */
  public AveragingOptions {
    outerLearningRate.ifPresent(
        rate -> {
          if (!(rate > 0 && rate <= 10)) {
            throw new InputException(
                "--outer-learning-rate is " + rate + ": use a number above 0, up to 10, or auto");
          }
        });
    outerMomentum.ifPresent(
        momentum -> {
          if (!(momentum >= 0 && momentum < 1)) {
            throw new InputException(
                "--outer-momentum is " + momentum + ": use 0 or more, less than 1, or auto");
          }
        });
    if ((outerStep == OuterStepChoice.AVERAGE || outerStep == OuterStepChoice.AUTO)
        && (outerLearningRate.isPresent() || outerMomentum.isPresent())) {
      throw new InputException(
          "--outer-learning-rate and --outer-momentum say nothing to --outer-step %s: add --outer-step momentum or nesterov"
              .formatted(outerStep.word()));
    }
    if (updaterState == UpdaterStateChoice.LOCAL && exchange == ExchangeChoice.SHUFFLE) {
      throw new InputException(
          "--updater-state local does not go with --exchange shuffle, as every worker's state comes to the driver: use --exchange collect");
    }
  }

  /** The defaults, but for the local steps between two averages. */
  public static AveragingOptions every(int steps) {
    return of(AveragingPeriod.of(steps), OuterStepChoice.AUTO);
  }

  private static AveragingOptions of(AveragingPeriod period, OuterStepChoice outerStep) {
    return new AveragingOptions(
        period,
        outerStep,
        Optional.empty(),
        Optional.empty(),
        UpdaterStateChoice.AVERAGED,
        ExchangeChoice.AUTO);
  }

  /**
   * The outer step of a run: what auto stands for there, any other as it is.
   *
   * @param workers number of workers; one alone is a machine that trains by itself
   * @param fewestSteps the fewest local steps between two averages of full length
   */
  public OuterStepChoice outerStep(int workers, int fewestSteps) {
    if (outerStep != OuterStepChoice.AUTO) {
      return outerStep;
    }
    return workers >= MOMENTUM_FROM_WORKERS && fewestSteps >= MOMENTUM_FROM_STEPS
        ? OuterStepChoice.MOMENTUM
        : OuterStepChoice.AVERAGE;
  }

  /** The same, with plain averaging where the outer step is left open. */
  AveragingOptions plainUnlessAsked() {
    return outerStep == OuterStepChoice.AUTO
        ? new AveragingOptions(
            period,
            OuterStepChoice.AVERAGE,
            outerLearningRate,
            outerMomentum,
            updaterState,
            exchange)
        : this;
  }

  /** True where dl4j-spark's own averaging could do it: in all but the period like the defaults. */
  boolean isPlain() {
    return equals(of(period, OuterStepChoice.AVERAGE));
  }
}
