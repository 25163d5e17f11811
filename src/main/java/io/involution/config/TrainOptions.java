package io.involution.config;

import io.involution.failure.InputException;
import java.time.Duration;
import java.util.Optional;

/**
 * The train command's options, checked. A number that is 0 in the configuration file because it is
 * to be found out is an empty Optional here.
 *
 * @param model which networks
 * @param data where the examples are
 * @param epochs passes over the training examples
 * @param validation training examples held out
 * @param batchSize examples of a global minibatch
 * @param batchSizePerWorker examples of a worker's minibatch, instead of {@code batchSize}
 * @param workers number of workers; empty: the task slots
 * @param averaging how the workers' models become one
 * @param device what workers compute on
 * @param trainer who trains
 * @param init model file to start from
 * @param learningRate Adam's step size over the run
 * @param weightDecay decay of the weights, decoupled from the gradient
 * @param augment whether training images are flipped and shifted at random
 * @param seed seed of weights and minibatches
 * @param trainLimit first so many training examples only
 * @param testLimit first so many test examples only
 * @param waitForSlots seconds to wait for task slots
 * @param checkpointEvery how often a checkpoint is written
 * @param timeLimit how long the run may take before it stops at a checkpoint
 * @param involution hyper-parameters of the involution network
 * @param output where the run's outputs go
 * @param report what it shows beside them
 */
public record TrainOptions(
    ModelChoice model,
    String data,
    int epochs,
    int validation,
    int batchSize,
    Optional<Integer> batchSizePerWorker,
    Optional<Integer> workers,
    AveragingOptions averaging,
    DeviceChoice device,
    TrainerChoice trainer,
    Optional<String> init,
    LearningRateOptions learningRate,
    double weightDecay,
    boolean augment,
    long seed,
    Optional<Integer> trainLimit,
    Optional<Integer> testLimit,
    int waitForSlots,
    CheckpointCadence checkpointEvery,
    Optional<Duration> timeLimit,
    InvolutionOptions involution,
    OutputOptions output,
    ReportOptions report) {

  /** Checks every number against its bounds, and what excludes what. */
  public TrainOptions {
    AtLeast.require("--epochs", epochs, 1);
    AtLeast.require("--validation", validation, 0);
    AtLeast.require("--batch-size", batchSize, 1);
    batchSizePerWorker.ifPresent(size -> AtLeast.require("--batch-size-per-worker", size, 1));
    workers.ifPresent(number -> AtLeast.require("--workers", number, 1));
    AtLeast.require("--wait-for-slots", waitForSlots, 0);
    trainLimit.ifPresent(limit -> AtLeast.require("--train-limit", limit, 1));
    testLimit.ifPresent(limit -> AtLeast.require("--test-limit", limit, 1));
    if (!(weightDecay >= 0 && weightDecay <= 1)) {
      throw new InputException("--weight-decay is " + weightDecay + ": use 0 to 1");
    }
    if (learningRate.warmupEpochs() > epochs) {
      throw new InputException(
          "--warmup-epochs is %s, more than the %d epochs: lower it or raise --epochs"
              .formatted(learningRate.warmupEpochs(), epochs));
    }
    if (output.resume() && trainer == TrainerChoice.DL4J_SPARK) {
      throw new InputException(
          "--resume does not go with --trainer dl4j-spark, which cannot go on to the same bits: leave one out");
    }
    if (checkpointEvery.unit() == CheckpointCadence.Unit.ROUND
        && trainer == TrainerChoice.DL4J_SPARK) {
      throw new InputException(
          "--checkpoint-every %s does not go with --trainer dl4j-spark, which tells of no rounds: use epochs"
              .formatted(checkpointEvery.word()));
    }
    if (timeLimit.isPresent() && trainer == TrainerChoice.DL4J_SPARK) {
      throw new InputException(
          "--time-limit does not go with --trainer dl4j-spark, which could not go on: leave one out");
    }
    if (trainer == TrainerChoice.DL4J_SPARK) {
      averaging = averaging.plainUnlessAsked();
    }
    if (trainer == TrainerChoice.DL4J_SPARK
        && !(averaging.isPlain() && averaging.period().isConstant() && !augment)) {
      throw new InputException(
          "--trainer dl4j-spark averages plainly, with one averaging period and without --augment: leave the other options of averaging out");
    }
    if (init.isPresent() && model == ModelChoice.BOTH) {
      throw new InputException(
          "--init is one network's model: add --model convolution, --model involution or --model involution-wide");
    }
    if (model == ModelChoice.INVOLUTION_WIDE && !involution.equals(InvolutionOptions.REFERENCE)) {
      throw new InputException(
          "--kernel-size, --groups, --reduction-ratio and --stride are those of --model involution, the wide network has its own: leave them out with --model involution-wide");
    }
  }

  /** The same with outputs elsewhere. */
  public TrainOptions with(OutputOptions other) {
    return new TrainOptions(
        model,
        data,
        epochs,
        validation,
        batchSize,
        batchSizePerWorker,
        workers,
        averaging,
        device,
        trainer,
        init,
        learningRate,
        weightDecay,
        augment,
        seed,
        trainLimit,
        testLimit,
        waitForSlots,
        checkpointEvery,
        timeLimit,
        involution,
        other,
        report);
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
          "--batch-size "
              + batchSize
              + " is less than the "
              + workerCount
              + " workers: raise it or lower --workers");
    }
    return batchSize / workerCount;
  }
}
