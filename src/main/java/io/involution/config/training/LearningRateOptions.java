package io.involution.config.training;

import io.involution.config.option.Choice;
import io.involution.config.option.Option;

/** The learning rate schedule of Adam. */
public record LearningRateOptions(
    @Option(
            name = "learning-rate",
            defaultValue = "0.001",
            above = 0,
            most = 1,
            help = "Step size of Adam.")
        double rate,
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
                "cosine: after the warm-up the step size falls along half a cosine, almost to 0.")
        Decay decay) {

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
    COSINE
  }

  /** The same step size from the first step to the last. */
  public static LearningRateOptions constant(double rate) {
    return new LearningRateOptions(rate, Scaling.NONE, 0, Decay.CONSTANT);
  }

  /** The same schedule from another step size. */
  public LearningRateOptions with(double other) {
    return new LearningRateOptions(other, scaling, warmupEpochs, decay);
  }

  /**
   * The peak step size.
   *
   * @param globalBatchSize number of examples in a global minibatch
   */
  public double peak(int globalBatchSize) {
    return scaling == Scaling.LINEAR ? rate * (globalBatchSize / SCALED_FROM) : rate;
  }
}
