package io.involution.config;

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
    if (outerStep == OuterStepChoice.AVERAGE
        && (outerLearningRate.isPresent() || outerMomentum.isPresent())) {
      throw new InputException(
          "--outer-learning-rate and --outer-momentum say nothing to --outer-step average: add --outer-step momentum or nesterov");
    }
    if (updaterState == UpdaterStateChoice.LOCAL && exchange == ExchangeChoice.SHUFFLE) {
      throw new InputException(
          "--updater-state local does not go with --exchange shuffle, as every worker's state comes to the driver: use --exchange collect");
    }
  }

  /** Plain averaging after so many local steps. */
  public static AveragingOptions every(int steps) {
    return plain(AveragingPeriod.of(steps));
  }

  private static AveragingOptions plain(AveragingPeriod period) {
    return new AveragingOptions(
        period,
        OuterStepChoice.AVERAGE,
        Optional.empty(),
        Optional.empty(),
        UpdaterStateChoice.AVERAGED,
        ExchangeChoice.AUTO);
  }

  /** True where dl4j-spark's own averaging could do it: in all but the period like the defaults. */
  boolean isPlain() {
    return equals(plain(period));
  }
}
