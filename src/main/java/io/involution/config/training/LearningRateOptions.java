package io.involution.config.training;

import io.involution.config.option.Choice;
import io.involution.config.option.Option;
import io.involution.failure.InputException;
import java.util.Locale;
import java.util.Optional;

/** The schedule of the step size. What a decay has by default is filled in. */
public record LearningRateOptions(
    @Option(
            name = "learning-rate",
            defaultValue = "auto",
            byDefault = "auto: 0.001 with adam, 0.02 with nesterovs and muon",
            above = 0,
            most = 10,
            help = "Step size of the optimizer.")
        Optional<Double> rate,
    @Option(
            name = "learning-rate-scaling",
            defaultValue = "none",
            help = "linear: multiply the step size by global minibatch / 256.")
        Scaling scaling,
    @Option(
            defaultValue = "0",
            least = 0,
            help = "Epochs in which the step size grows linearly to its full size, such as 0.5.")
        double warmupEpochs,
    @Option(
            name = "learning-rate-decay",
            defaultValue = "constant",
            help =
                "After the warm-up the step size falls along half a cosine or a line;"
                    + " triangular: it rises along a line, then falls along one.",
            details = "A run that is resumed with more epochs goes on as --epochs now says.")
        Decay decay,
    @Option(
            name = "learning-rate-start",
            defaultValue = "auto",
            byDefault = "auto: 0.2",
            least = 0,
            most = 1,
            help = "triangular: the first step size, as a share of the full one.")
        Optional<Double> start,
    @Option(
            name = "learning-rate-peak",
            defaultValue = "auto",
            byDefault = "auto: 0.23",
            above = 0,
            below = 1,
            help = "triangular: where the step size is full, as a share of the run's steps.")
        Optional<Double> peak,
    @Option(
            name = "learning-rate-end",
            defaultValue = "auto",
            byDefault = "auto: 0 with cosine and linear, 0.07 with triangular",
            least = 0,
            below = 1,
            help = "What the step size falls to at the end, as a share of the full one.")
        Optional<Double> end) {

  private static final double SCALED_FROM = 256;

  /** Whether the step size grows with the global minibatch. */
  public enum Scaling implements Choice {
    /** It does not grow. */
    NONE,
    /**
     * In proportion to the minibatch's size, relative to 256 (Goyal et al. 2017, linear scaling
     * rule).
     */
    LINEAR
  }

  /** How the step size decreases. */
  public enum Decay implements Choice {
    /** It stays constant. */
    CONSTANT,
    /**
     * Along half a cosine, almost to 0 at the end (Loshchilov and Hutter 2017, without restarts).
     */
    COSINE,
    /** Along a straight line. */
    LINEAR,
    /**
     * It rises along a straight line and falls along another; by default as in airbench94 (Jordan
     * 2024, "94% on CIFAR-10 in 3.29 Seconds on a Single GPU").
     */
    TRIANGULAR
  }

  /** Checks which options exclude each other, and fills in what is empty. */
  public LearningRateOptions {
    boolean triangular = decay == Decay.TRIANGULAR;
    if (!triangular && (start.isPresent() || peak.isPresent())) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "--learning-rate-start and --learning-rate-peak have no effect with"
                  + " --learning-rate-decay %s: add --learning-rate-decay triangular, or the word"
                  + " auto for both where a file sets them",
              decay.word()));
    }
    if (triangular && warmupEpochs > 0) {
      throw new InputException(
          "--warmup-epochs cannot be used with --learning-rate-decay triangular, which rises by"
              + " itself: use --learning-rate-peak, or --learning-rate-decay linear");
    }
    if (decay == Decay.CONSTANT && end.isPresent()) {
      throw new InputException(
          "--learning-rate-end has no effect with --learning-rate-decay constant: add"
              + " --learning-rate-decay cosine, linear or triangular, or --learning-rate-end auto"
              + " where a file sets it");
    }
    if (triangular) {
      start = Optional.of(start.orElse(0.2));
      peak = Optional.of(peak.orElse(0.23));
    }
    if (decay != Decay.CONSTANT) {
      end = Optional.of(end.orElse(triangular ? 0.07 : 0));
    }
  }

  /** The same step size from the first step to the last. */
  public static LearningRateOptions constant(double rate) {
    return new LearningRateOptions(
        Optional.of(rate),
        Scaling.NONE,
        0,
        Decay.CONSTANT,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** The same schedule from another step size. */
  public LearningRateOptions with(double other) {
    return new LearningRateOptions(
        Optional.of(other), scaling, warmupEpochs, decay, start, peak, end);
  }

  /** The same, with an optimizer's step size if none is given. */
  public LearningRateOptions of(OptimizerChoice optimizer) {
    return rate.isPresent() ? this : with(optimizer.learningRate());
  }

  /**
   * The full step size.
   *
   * @param globalBatchSize number of examples in a global minibatch
   */
  public double full(long globalBatchSize) {
    double unscaled = rate.orElseThrow();
    return scaling == Scaling.LINEAR ? unscaled * (globalBatchSize / SCALED_FROM) : unscaled;
  }
}
