package io.involution.cli;

import io.involution.config.TrainConfig;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/**
 * The train command's options as picocli sees them. Their defaults are in conf/train.conf, so that
 * a configuration file can stand between the two; the fields here only say what was given.
 */
final class TrainFlags {
  /** The training's options that were given to a command, by their names in the configuration. */
  static Map<String, Object> given(CommandSpec command) {
    Map<String, Object> given = new HashMap<>();
    for (OptionSpec option : command.commandLine().getParseResult().matchedOptions()) {
      String key = option.longestName().substring(2);
      if (TrainConfig.defaults().hasPath("train." + key)) {
        given.put(key, option.getValue());
      }
    }
    return given;
  }

  @Option(
      names = "--model",
      paramLabel = "NETWORK",
      description =
          "convolution, involution, involution-wide (more accurate: 5x5 kernels, 8 groups, up to 128 channels) or both (default: the first two).")
  String model;

  @Option(
      names = "--data",
      paramLabel = "URI",
      description =
          "auto (default: $CIFAR10_HOME, the cache, a download; on a local master else synthetic), synthetic, or a folder or tar.gz on any Hadoop file system.")
  String data;

  @Option(
      names = "--out",
      paramLabel = "URI",
      description = "Folder for the outputs (default: runs/ and the time in UTC).")
  String out;

  @Option(names = "--epochs", paramLabel = "N", description = "Passes over the examples (20).")
  Integer epochs;

  @Option(
      names = "--validation",
      paramLabel = "N",
      description = "Hold N training examples out and choose the best epoch by them (0).")
  Integer validation;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      description = "Examples of a global minibatch, split over the workers (256).")
  Integer batchSize;

  @Option(
      names = "--batch-size-per-worker",
      paramLabel = "N",
      description = "Examples of a worker's minibatch, instead of --batch-size.")
  Integer batchSizePerWorker;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "Workers, each with a shard of its own (default: the task slots).")
  Integer workers;

  @Option(
      names = "--averaging-period",
      paramLabel = "H",
      description =
          "Local steps between two averages (16), or epoch; with epochs, 1,16@6: 1, then 16 from epoch 6 on.")
  String averagingPeriod;

  @Option(
      names = "--outer-step",
      paramLabel = "STEP",
      description =
          "What becomes of a round's mean: average, momentum, nesterov, or auto (default): momentum where 3 or more workers take 16 or more local steps between averages, else average.")
  String outerStep;

  @Option(
      names = "--outer-learning-rate",
      paramLabel = "RATE",
      description = "Step size of the outer step (auto: momentum 1, nesterov 0.7).")
  String outerLearningRate;

  @Option(
      names = "--outer-momentum",
      paramLabel = "M",
      description = "Momentum of the outer step (auto: momentum 0.5, nesterov 0.9).")
  String outerMomentum;

  @Option(
      names = "--updater-state",
      paramLabel = "STATE",
      description = "Adam's moments between two rounds: averaged (default), local or reset.")
  String updaterState;

  @Option(
      names = "--exchange",
      paramLabel = "WAY",
      description =
          "How updates become their mean: auto (default), collect (on the driver) or shuffle (on the executors, a slice each); the bits are the same.")
  String exchange;

  @Option(names = "--device", paramLabel = "DEVICE", description = "auto (default), cpu or gpu.")
  String device;

  @Option(
      names = "--trainer",
      paramLabel = "TRAINER",
      description = "averaging (default) or dl4j-spark.")
  String trainer;

  @Option(
      names = "--init",
      paramLabel = "MODEL",
      description = "Start from this model.zip instead of fresh weights.")
  String init;

  @Option(names = "--learning-rate", paramLabel = "RATE", description = "Adam's step size (0.001).")
  Double learningRate;

  @Option(
      names = "--learning-rate-scaling",
      paramLabel = "RULE",
      description = "none (default), or linear: times global minibatch / 256.")
  String learningRateScaling;

  @Option(
      names = "--warmup-epochs",
      paramLabel = "N",
      description = "Epochs in which the step size grows evenly to its full size (0).")
  Double warmupEpochs;

  @Option(
      names = "--learning-rate-decay",
      paramLabel = "CURVE",
      description = "How the step size falls after that: constant (default) or cosine.")
  String learningRateDecay;

  @Option(
      names = "--weight-decay",
      paramLabel = "D",
      description = "Shrink weights by D times the step size in every step, as AdamW does (0).")
  Double weightDecay;

  @Option(
      names = "--augment",
      description = "Flip training images and shift them by up to 4 pixels at random.")
  Boolean augment;

  @Option(names = "--seed", paramLabel = "N", description = "Seed of weights and minibatches (42).")
  Long seed;

  @Option(
      names = "--kernel-size",
      paramLabel = "K",
      description = "Rows and columns of the involution network's kernels (3).")
  Integer kernelSize;

  @Option(
      names = "--groups",
      paramLabel = "G",
      description = "Groups of channels that share their kernels in the involution network (1).")
  Integer groups;

  @Option(
      names = "--reduction-ratio",
      paramLabel = "R",
      description = "How many times fewer channels its kernel generation works with (2).")
  Integer reductionRatio;

  @Option(names = "--stride", paramLabel = "S", description = "Stride of its involutions (1).")
  Integer stride;

  @Option(
      names = "--train-limit",
      paramLabel = "N",
      description = "Use the first N training examples only.")
  Integer trainLimit;

  @Option(
      names = "--test-limit",
      paramLabel = "N",
      description = "Use the first N test examples only.")
  Integer testLimit;

  @Option(
      names = "--checkpoint-every",
      paramLabel = "N",
      description =
          "Write a checkpoint every so many epochs or rounds, such as 1epoch (default) or 20rounds.")
  String checkpointEvery;

  @Option(
      names = "--time-limit",
      paramLabel = "TIME",
      description =
          "Stop at a checkpoint, with exit code 3, after this time: 90s, 45m or 8h (no limit).")
  String timeLimit;

  @Option(
      names = "--resume",
      description =
          "Go on from the last checkpoint in --out; start where there is none, do nothing where the run is complete.")
  Boolean resume;

  @Option(names = "--overwrite", description = "Replace a run that is already in --out.")
  Boolean overwrite;

  @Option(
      names = "--wait-for-slots",
      paramLabel = "SECONDS",
      description = "How long to wait for as many task slots as workers (120).")
  Integer waitForSlots;

  @Option(
      names = "--images",
      paramLabel = "N,N...",
      description = "Draw the kernels of these test images too, by number from 0.")
  String images;

  @Option(
      names = "--tensorboard",
      description = "Write event files for TensorBoard under tensorboard/ in --out.")
  Boolean tensorboard;

  @Option(
      names = "--mlflow",
      paramLabel = "URI",
      description =
          "Log the run to this MLflow tracking server; credentials are read from MLFLOW_TRACKING_TOKEN, or _USERNAME and _PASSWORD.")
  String mlflow;
}
