package io.involution.driver.input;

import io.involution.config.InvolutionOptions;
import io.involution.config.LearningRateOptions;
import io.involution.config.LearningRateOptions.Decay;
import io.involution.config.ModelChoice;
import io.involution.config.TrainConfig;
import io.involution.config.TrainOptions;
import io.involution.data.DataSchema;
import io.involution.data.ImageShape;
import io.involution.model.LearningRate;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.network.NetworkKind;
import io.involution.model.network.NetworkOptions;
import io.involution.spark.device.DriverDevice;
import io.involution.train.EpochPlan;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.inputs.InputType;

/** Builds the networks that the options ask for. */
public final class Networks {
  private Networks() {}

  /** The chosen networks, in the order in which they are trained and shown. */
  public static List<NetworkKind> of(ModelChoice choice) {
    return choice == ModelChoice.BOTH
        ? List.of(NetworkKind.CONVOLUTION, NetworkKind.INVOLUTION)
        : Arrays.stream(NetworkKind.values())
            .filter(kind -> kind.label().equals(choice.word()))
            .toList();
  }

  /** The input of networks for images of a shape. */
  public static InputType input(ImageShape image) {
    return InputType.convolutional(image.height(), image.width(), image.channels());
  }

  /** The network that a run's options ask for, for its examples. */
  public static NetworkBlueprint blueprint(
      NetworkKind kind, TrainOptions options, EpochPlan plan, DataSchema schema) {
    return blueprint(
        kind,
        new NetworkOptions(
            options.seed(),
            learningRate(options, plan),
            options.weightDecay(),
            options.involution(),
            schema));
  }

  /** A run's learning rate schedule, by local step. */
  public static LearningRate learningRate(TrainOptions options, EpochPlan plan) {
    LearningRateOptions rate = options.learningRate();
    long steps = plan.stepsPerEpoch();
    return new LearningRate(
        rate.peak(plan.batchSizePerWorker() * plan.workers()),
        Math.round(rate.warmupEpochs() * steps),
        rate.decay() == Decay.COSINE ? steps * options.epochs() : 0);
  }

  /** A network whose parameters are loaded: its seed and learning rate do not matter. */
  public static NetworkBlueprint untrained(NetworkKind kind) {
    return untrained(kind, InvolutionOptions.REFERENCE);
  }

  /** The same, with the given hyperparameters of involutions. */
  public static NetworkBlueprint untrained(NetworkKind kind, InvolutionOptions involution) {
    return untrained(kind, involution, DataSchema.CIFAR10);
  }

  /** The same for other examples. */
  public static NetworkBlueprint untrained(
      NetworkKind kind, InvolutionOptions involution, DataSchema schema) {
    double rate = TrainConfig.defaults().learningRate().rate();
    return blueprint(
        kind, new NetworkOptions(0, LearningRate.constant(rate), 0, involution, schema));
  }

  /** The hyperparameters of a run's involutions; empty if it trains none. */
  public static Optional<InvolutionOptions> involution(TrainOptions options) {
    return of(options.model()).contains(NetworkKind.INVOLUTION)
        ? Optional.of(options.involution())
        : Optional.empty();
  }

  private static NetworkBlueprint blueprint(NetworkKind kind, NetworkOptions options) {
    // Before ND4J loads. Only here, so that commands without networks do not wait for it.
    DriverDevice.require();
    return NetworkBlueprint.of(kind.label(), kind.configuration(options));
  }
}
