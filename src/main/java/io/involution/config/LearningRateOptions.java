package io.involution.config;

import static io.involution.config.Option.Group.TRAINING;

/** The step size of Adam over a run. */
public record LearningRateOptions(
    @Option(
            name = "learning-rate",
            group = TRAINING,
            defaultValue = "0.001",
            label = "RATE",
            above = 0,
            most = 1,
            help = "Step size of Adam.")
        double rate,
    @Option(
            name = "learning-rate-scaling",
            group = TRAINING,
            defaultValue = "none",
            help = "linear: multiply the step size by the global minibatch / 256.")
        Scaling scaling,
    @Option(
            name = "warmup-epochs",
            group = TRAINING,
            defaultValue = "0",
            least = 0,
            most = 1e6,
            help = "Epochs in which the step size grows linearly to its full size, such as 0.5.",
            details = "It grows from step to step.")
        double warmupEpochs,
    @Option(
            name = "learning-rate-decay",
            group = TRAINING,
            defaultValue = "constant",
            help = "How the step size falls after the warm-up.",
            details =
                "constant: it stays. cosine: along half a cosine, almost to 0 after the last"
                    + " epoch.")
        Decay decay) {

  private static final double SCALED_FROM = 256;

  /** Whether the step size grows with the global minibatch. */
  public enum Scaling implements Choice {
    /** It does not. */
    NONE,
    /** By as much as the minibatch is larger than 256 (Goyal et al. 2017, linear scaling rule). */
    LINEAR
  }

  /** How the step size falls. */
  public enum Decay implements Choice {
    /** It stays. */
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

  /**
   * The full step size.
   *
   * @param globalBatchSize examples of a global minibatch
   */
  public double peak(int globalBatchSize) {
    return scaling == Scaling.LINEAR ? rate * (globalBatchSize / SCALED_FROM) : rate;
  }
}
