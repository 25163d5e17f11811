package io.involution.config;

import io.involution.failure.InputException;

/**
 * The step size of Adam over a run.
 *
 * @param rate base step size
 * @param scaling whether it grows with the global minibatch
 * @param warmupEpochs epochs in which it grows to its full size, evenly, step by step
 * @param decay how it falls after that
 */
public record LearningRateOptions(double rate, Scaling scaling, double warmupEpochs, Decay decay) {
  private static final double SCALED_FROM = 256;

  /** Whether the step size grows with the global minibatch. */
  public enum Scaling {
    /** It does not. */
    NONE,
    /** By as much as the minibatch is larger than 256 (Goyal et al. 2017, linear scaling rule). */
    LINEAR;

    /** The word that the option takes. */
    public String word() {
      return Choice.word(this);
    }
  }

  /** How the step size falls. */
  public enum Decay {
    /** It stays. */
    CONSTANT,
    /**
     * Along half a cosine, almost to 0 at the end (Loshchilov and Hutter 2017, without restarts).
     */
    COSINE;

    /** The word that the option takes. */
    public String word() {
      return Choice.word(this);
    }
  }

  /** Checks the numbers against their bounds. */
  public LearningRateOptions {
    if (!(rate > 0 && rate <= 1)) {
      throw new InputException("--learning-rate is " + rate + ": use a number above 0, up to 1");
    }
    if (!(warmupEpochs >= 0 && warmupEpochs <= 1e6)) {
      throw new InputException("--warmup-epochs is " + warmupEpochs + ": use 0 or more");
    }
  }

  /** The same step size from the first step to the last. */
  public static LearningRateOptions constant(double rate) {
    return new LearningRateOptions(rate, Scaling.NONE, 0, Decay.CONSTANT);
  }

  /**
   * The full step size.
   *
   * @param globalBatchSize examples of a global minibatch
   */
  public double peak(int globalBatchSize) {
    return scaling == Scaling.LINEAR ? rate * (globalBatchSize / SCALED_FROM) : rate;
  }
}
