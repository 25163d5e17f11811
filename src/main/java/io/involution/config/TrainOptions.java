package io.involution.config;

import static io.involution.config.option.Option.Effect.FACT;
import static io.involution.config.option.Option.Effect.LIMIT;
import static io.involution.config.option.Option.Effect.OUTPUTS;
import static io.involution.config.option.Option.Effect.START;

import io.involution.config.option.Option;
import io.involution.config.option.Records;
import io.involution.config.training.AveragingOptions;
import io.involution.config.training.EvaluationOptions;
import io.involution.config.training.LearningRateOptions;
import io.involution.config.training.LossOptions;
import io.involution.config.training.OptimizerOptions;
import io.involution.config.value.Augmentation;
import io.involution.config.value.CheckpointCadence;
import io.involution.config.value.EpochCount;
import io.involution.failure.InputException;
import io.involution.failure.Places;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The train command's options, checked. Each component is declared by its {@link Option}
 * annotation.
 */
public record TrainOptions(
    @Option(
            heading = "Data",
            defaultValue = "auto",
            label = "URI",
            effect = FACT,
            help =
                "CIFAR-10, CIFAR-100, a folder of images, or a table, on any Hadoop file system;"
                    + " auto; or synthetic.",
            details =
                "auto reads $CIFAR10_HOME. Without it, on one machine, auto looks in the cache"
                    + " folder, downloads the archive, or takes synthetic.")
        String data,
    @Option(
            defaultValue = "0",
            least = 0,
            help = "Hold out N training examples and choose the best epoch by them.")
        int validation,
    @Option(
            defaultValue = "0",
            least = 0,
            effect = LIMIT,
            help = "Stop after N epochs in a row without a higher validation accuracy.",
            details = "Needs --validation; 0 trains all epochs. The best epoch's model is saved.")
        int patience,
    @Option(
            defaultValue = "0",
            byDefault = "all",
            least = 1,
            effect = FACT,
            help = "Use only the first N training examples.")
        Optional<Integer> trainLimit,
    @Option(
            defaultValue = "0",
            byDefault = "all",
            least = 1,
            effect = FACT,
            help = "Use only the first N test examples.")
        Optional<Integer> testLimit,
    @Option(
            defaultValue = "false",
            withoutValue = "true",
            label = "LIST",
            help =
                "Change training images at random: flip or alternate-flip, shift:N or"
                    + " reflect-shift:N, cutout:N; without LIST flip,shift:4.",
            details =
                "alternate-flip: every image in every other epoch. shift: by up to N pixels, over"
                    + " black or over the reflected image. cutout: a square of N x N pixels that"
                    + " are 0 to the network, the mean with --normalize train.")
        Augmentation augment,
    ExampleOptions examples,
    @Option(
            heading = "Networks",
            defaultValue = "both",
            label = "NETWORK[,...]",
            help =
                "Networks to train: convolution, involution, involution-wide, deep-convolution,"
                    + " deep-involution, resnet, rednet, both (convolution, then involution), a"
                    + " DL4J configuration (NAME.json, NAME.yaml), class:NAME.",
            details =
                "involution-wide: kernels of 5 x 5, 8 groups and a reduction ratio of 4 on 32, 64"
                    + " and 128 channels, with 1 x 1 convolutions in between. deep-convolution,"
                    + " deep-involution: six layers between BatchNorms, after airbench94. resnet,"
                    + " rednet: ResNet-26 and RedNet-26 for small images. Train the last four"
                    + " with their recipes, such as --config deep-convolution; without one the"
                    + " defaults apply. Your own networks: see networks.md.")
        ModelChoice model,
    @Option(
            defaultValue = "none",
            label = "MEAN,STD",
            help =
                "Normalize pixels from 0 to 1 by these numbers, by channel as in"
                    + " 0.49:0.48:0.45,0.25:0.24:0.26; train: by those of the training images.",
            details = "Part of the model: what uses it later normalizes by itself.")
        NormalizeChoice normalize,
    @Option(
            defaultValue = "",
            byDefault = "random weights",
            label = "MODEL",
            effect = FACT,
            help = "Start from the weights of this model.zip.")
        Optional<String> init,
    InvolutionOptions involution,
    @Option(
            heading = "Training",
            defaultValue = "20",
            label = "N",
            effect = LIMIT,
            help = "Passes over the training examples, such as 20 or 9.9.",
            details =
                "A run can be resumed with more of them, and with more patience: see recovery.md.")
        EpochCount epochs,
    @Option(
            defaultValue = "256",
            least = 1,
            effect = FACT,
            help = "Examples of a global minibatch, split over the workers.")
        int batchSize,
    @Option(
            defaultValue = "0",
            byDefault = "--batch-size / workers",
            least = 1,
            effect = FACT,
            help = "Examples of a worker's minibatch, instead of --batch-size.")
        Optional<Integer> batchSizePerWorker,
    OptimizerOptions optimizer,
    LearningRateOptions learningRate,
    LossOptions loss,
    @Option(defaultValue = "42", help = "Seed of the weights and the minibatches.") long seed,
    @Option(
            defaultValue = "averaging",
            help = "Parameter averaging of this project, or dl4j-spark's own trainer to compare.")
        TrainerChoice trainer,
    AveragingOptions averaging,
    EvaluationOptions evaluation,
    ClusterOptions cluster,
    OutputOptions output,
    @Option(
            defaultValue = "1epoch",
            label = "INTERVAL",
            effect = OUTPUTS,
            help = "How often to write a checkpoint, in epochs or rounds: 1epoch, 20rounds.",
            details = "There is always one after the last epoch, and the newest two are kept.")
        CheckpointCadence checkpointEvery,
    @Option(
            defaultValue = "",
            byDefault = "no limit",
            label = "TIME",
            effect = START,
            help = "Stop after this time, with a checkpoint and exit code 3: 90s, 45m or 8h.")
        Optional<Duration> timeLimit,
    ReportOptions report,
    GivenOptions given) {

  /** Checks which options exclude each other. */
  public TrainOptions {
    learningRate = learningRate.of(optimizer.choice());
    if (patience > 0 && validation == 0) {
      throw new InputException(
          "--patience "
              + patience
              + " waits for a higher validation accuracy: hold out examples with --validation N");
    }
    if (learningRate.warmupEpochs() > epochs.value()) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "--warmup-epochs is %s, more than the %s epochs: lower it or raise --epochs",
              learningRate.warmupEpochs(),
              epochs.word()));
    }
    if (trainer == TrainerChoice.DL4J_SPARK) {
      averaging = averaging.plainUnlessAsked();
      Dl4jSparkLimits.requireKnownRounds(output, checkpointEvery, timeLimit);
      Dl4jSparkLimits.requirePlain(epochs, optimizer.choice(), averaging, augment);
    }
    if (init.isPresent() && model.networks().size() > 1) {
      throw new InputException("--init is one network's model: name that one with --model");
    }
    requireInvolutions(model, involution);
  }

  private static void requireInvolutions(ModelChoice model, InvolutionOptions involution) {
    List<String> networks = model.networks();
    if (!involution.equals(InvolutionOptions.REFERENCE)
        && !networks.contains("involution")
        && !networks.equals(List.of("convolution"))) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "--kernel-size, --groups, --reduction-ratio and --stride belong to --model"
                  + " involution, and the others have fixed ones: leave them out with --model %s",
              Places.shown(model.word())));
    }
  }

  /** A copy with another output folder. */
  public TrainOptions with(OutputOptions other) {
    return Records.with(TrainOptions.class, this, other);
  }

  /**
   * The number of examples in a worker's minibatch.
   *
   * @param workerCount number of workers
   * @throws InputException when the global minibatch has fewer examples than there are workers
   */
  public int batchSizePerWorker(int workerCount) {
    if (batchSizePerWorker.isPresent()) {
      return batchSizePerWorker.get();
    }
    if (batchSize < workerCount) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "--batch-size %d is less than the %d workers: raise it or lower --workers",
              batchSize,
              workerCount));
    }
    return batchSize / workerCount;
  }
}
