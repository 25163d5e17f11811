package io.involution.config;

import static io.involution.config.Option.Effect.OUTPUTS;
import static io.involution.config.Option.Effect.RESULT_INDIRECTLY;
import static io.involution.config.Option.Effect.THIS_START;
import static io.involution.config.Option.Group.CLUSTER;
import static io.involution.config.Option.Group.DATA;
import static io.involution.config.Option.Group.NETWORKS;
import static io.involution.config.Option.Group.OUTPUT;
import static io.involution.config.Option.Group.TRAINING;

import io.involution.failure.InputException;
import java.time.Duration;
import java.util.Optional;

/** The train command's options, checked. Each component is declared by its {@link Option}. */
public record TrainOptions(
    @Option(
            name = "model",
            group = NETWORKS,
            defaultValue = "both",
            help =
                "Networks to train; both: convolution, then involution. involution-wide is more"
                    + " accurate: 5 x 5 kernels, 8 groups, up to 128 channels.",
            details =
                "involution-wide has three involutions with kernels of 5 x 5, 8 groups and a"
                    + " reduction ratio of 4 on 32, 64 and 128 channels, with 1 x 1 convolutions in"
                    + " between; it is slower than convolution.")
        ModelChoice model,
    @Option(
            name = "data",
            group = DATA,
            defaultValue = "auto",
            label = "URI",
            effect = RESULT_INDIRECTLY,
            help =
                "auto, synthetic, or a folder or tar.gz with CIFAR-10's binary files on any Hadoop"
                    + " file system. auto tries $CIFAR10_HOME, the cache folder and a download; on"
                    + " a local master it falls back to synthetic.")
        String data,
    @Option(
            name = "epochs",
            group = TRAINING,
            defaultValue = "20",
            least = 1,
            help = "Passes over the training examples.")
        int epochs,
    @Option(
            name = "validation",
            group = DATA,
            defaultValue = "0",
            least = 0,
            help = "Hold out N training examples and choose the best epoch by them.",
            details = "With 0 the last epoch counts.")
        int validation,
    @Option(
            name = "batch-size",
            group = TRAINING,
            defaultValue = "256",
            least = 1,
            effect = RESULT_INDIRECTLY,
            help = "Examples of a global minibatch, split over the workers.")
        int batchSize,
    @Option(
            name = "batch-size-per-worker",
            group = TRAINING,
            defaultValue = "0",
            byDefault = "--batch-size / workers",
            least = 1,
            effect = RESULT_INDIRECTLY,
            help = "Examples of a worker's minibatch, instead of --batch-size.")
        Optional<Integer> batchSizePerWorker,
    @Option(
            name = "workers",
            group = CLUSTER,
            defaultValue = "0",
            byDefault = "one per task slot",
            least = 1,
            effect = RESULT_INDIRECTLY,
            help = "Workers, each with a shard of its own.",
            details =
                "The result depends on this number, and not on task slots, hosts or threads. A"
                    + " resumed run has the workers of its checkpoint.")
        Optional<Integer> workers,
    AveragingOptions averaging,
    @Option(
            name = "device",
            group = CLUSTER,
            defaultValue = "auto",
            effect = RESULT_INDIRECTLY,
            help =
                "What workers compute on. auto: a GPU where Spark assigned one and the job jar can"
                    + " use it, otherwise the CPU.")
        DeviceChoice device,
    @Option(
            name = "trainer",
            group = TRAINING,
            defaultValue = "averaging",
            help =
                "averaging: this project's trainer. dl4j-spark: deeplearning4j-spark's own, to"
                    + " compare with.")
        TrainerChoice trainer,
    @Option(
            name = "init",
            group = NETWORKS,
            defaultValue = "",
            byDefault = "random weights",
            label = "MODEL",
            effect = RESULT_INDIRECTLY,
            help = "Start from the weights of this model.zip.")
        Optional<String> init,
    LearningRateOptions learningRate,
    @Option(
            name = "weight-decay",
            group = TRAINING,
            defaultValue = "0",
            label = "D",
            least = 0,
            most = 1,
            help = "Decoupled weight decay, as in AdamW: a step shrinks weights by D x step size.",
            details = "Biases and BatchNorm are left alone.")
        double weightDecay,
    @Option(
            name = "augment",
            group = DATA,
            defaultValue = "false",
            help =
                "Flip training images and shift them by up to 4 pixels, at random in every epoch.")
        boolean augment,
    @Option(
            name = "seed",
            group = TRAINING,
            defaultValue = "42",
            help = "Seed of the weights and the minibatches.")
        long seed,
    @Option(
            name = "train-limit",
            group = DATA,
            defaultValue = "0",
            byDefault = "all",
            least = 1,
            effect = RESULT_INDIRECTLY,
            help = "Use the first N training examples only.")
        Optional<Integer> trainLimit,
    @Option(
            name = "test-limit",
            group = DATA,
            defaultValue = "0",
            byDefault = "all",
            least = 1,
            effect = RESULT_INDIRECTLY,
            help = "Use the first N test examples only.")
        Optional<Integer> testLimit,
    @Option(
            name = "wait-for-slots",
            group = CLUSTER,
            defaultValue = "120",
            label = "SECONDS",
            least = 0,
            effect = THIS_START,
            help = "How long to wait for as many task slots as workers.")
        int waitForSlots,
    @Option(
            name = "checkpoint-every",
            group = OUTPUT,
            defaultValue = "1epoch",
            label = "INTERVAL",
            effect = OUTPUTS,
            help =
                "How often to write a checkpoint, in epochs or rounds: 1epoch, 5epochs, 20rounds.",
            details =
                "Counted from the start of training. There is always one after the last epoch, and"
                    + " the newest two are kept. A resumed run may use another value.")
        CheckpointCadence checkpointEvery,
    @Option(
            name = "time-limit",
            group = OUTPUT,
            defaultValue = "",
            byDefault = "no limit",
            label = "TIME",
            effect = THIS_START,
            help = "Stop after this time, with a checkpoint and exit code 3: 90s, 45m or 8h.")
        Optional<Duration> timeLimit,
    InvolutionOptions involution,
    OutputOptions output,
    ReportOptions report) {

  /** Checks which options exclude each other. */
  public TrainOptions {
    if (learningRate.warmupEpochs() > epochs) {
      throw new InputException(
          "--warmup-epochs is %s, more than the %d epochs: lower it or raise --epochs"
              .formatted(learningRate.warmupEpochs(), epochs));
    }
    if (trainer == TrainerChoice.DL4J_SPARK) {
      averaging = averaging.plainUnlessAsked();
      requireKnownRounds(output, checkpointEvery, timeLimit);
      if (!averaging.isPlain() || !averaging.period().isConstant() || augment) {
        throw new InputException(
            "--trainer dl4j-spark does plain averaging, with one averaging period and without"
                + " --augment: leave out the other averaging options");
      }
    }
    if (init.isPresent() && model == ModelChoice.BOTH) {
      throw new InputException(
          "--init is one network's model: add --model convolution, --model involution or --model"
              + " involution-wide");
    }
    if (model == ModelChoice.INVOLUTION_WIDE && !involution.equals(InvolutionOptions.REFERENCE)) {
      throw new InputException(
          "--kernel-size, --groups, --reduction-ratio and --stride belong to --model involution,"
              + " and the wide network has fixed ones: leave them out with --model"
              + " involution-wide");
    }
  }

  private static void requireKnownRounds(
      OutputOptions output, CheckpointCadence checkpointEvery, Optional<Duration> timeLimit) {
    if (output.resume()) {
      throw new InputException(
          "--resume cannot be used with --trainer dl4j-spark, which cannot resume to the same bits:"
              + " leave one out");
    }
    if (checkpointEvery.unit() == CheckpointCadence.Unit.ROUND) {
      throw new InputException(
          "--checkpoint-every %s cannot be used with --trainer dl4j-spark, which does not report rounds: use epochs"
              .formatted(checkpointEvery.word()));
    }
    if (timeLimit.isPresent()) {
      throw new InputException(
          "--time-limit cannot be used with --trainer dl4j-spark, which cannot resume: leave one"
              + " out");
    }
  }

  /** The same with outputs elsewhere. */
  public TrainOptions with(OutputOptions other) {
    return Records.with(TrainOptions.class, this, other);
  }

  /**
   * Examples of a worker's minibatch.
   *
   * @param workerCount number of workers
   * @throws InputException when the global minibatch cannot give every worker an example
   */
  public int batchSizePerWorker(int workerCount) {
    if (batchSizePerWorker.isPresent()) {
      return batchSizePerWorker.get();
    }
    if (batchSize < workerCount) {
      throw new InputException(
          "--batch-size %d is less than the %d workers: raise it or lower --workers"
              .formatted(batchSize, workerCount));
    }
    return batchSize / workerCount;
  }
}
