package io.involution.driver.input;

import io.involution.config.Dl4jSparkLimits;
import io.involution.config.InvolutionOptions;
import io.involution.config.ModelChoice;
import io.involution.config.TrainOptions;
import io.involution.config.TrainerChoice;
import io.involution.config.training.ClassWeightsChoice;
import io.involution.config.training.LossOptions;
import io.involution.config.training.OptimizerOptions;
import io.involution.data.DataSchema;
import io.involution.data.ImageShape;
import io.involution.data.Sha256;
import io.involution.failure.InputException;
import io.involution.layers.SoftmaxCrossEntropy;
import io.involution.model.LearningRate;
import io.involution.model.network.LocalRule;
import io.involution.model.network.Network;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.network.NetworkKind;
import io.involution.model.network.NetworkOptions;
import io.involution.model.state.GraphState;
import io.involution.spark.device.DriverDevice;
import io.involution.train.ClassWeights;
import io.involution.train.time.EpochPlan;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Builds the networks that the options ask for. */
public final class Networks {
  /** The default, whatever it is: nobody takes a step. */
  private static final LocalRule UNTRAINED = anyRate(OptimizerOptions.ADAM);

  private Networks() {}

  /**
   * This job's networks among the chosen ones, in the order in which they are trained and shown.
   */
  public static List<NetworkKind> of(ModelChoice choice) {
    return choice.networks().stream().flatMap(Networks::ours).toList();
  }

  private static Stream<NetworkKind> ours(String network) {
    return Arrays.stream(NetworkKind.values()).filter(kind -> kind.label().equals(network));
  }

  /**
   * All chosen networks, in that order.
   *
   * @throws io.involution.failure.InputException when a file or class cannot be used
   */
  public static List<Network> read(ModelChoice choice, Configuration hadoop) {
    return choice.networks().stream().map(network -> read(network, hadoop)).toList();
  }

  private static Network read(String word, Configuration hadoop) {
    if (ModelChoice.OURS.contains(word)) {
      return ours(word).findFirst().orElseThrow();
    }
    // Before ND4J loads.
    DriverDevice.require();
    return UserNetwork.of(word, hadoop);
  }

  /** The input of networks for images of a shape. */
  public static InputType input(ImageShape image) {
    return InputType.convolutional(image.height(), image.width(), image.channels());
  }

  /**
   * The network that a run's options ask for, for its examples.
   *
   * @throws io.involution.failure.InputException if a user's network cannot be trained on them
   */
  public static NetworkBlueprint blueprint(
      Network network, TrainOptions options, EpochPlan plan, DataSchema schema) {
    options.augment().requireFor(schema.image().height(), schema.image().width());
    StepRules rules = new StepRules(options, plan);
    NetworkOptions settings =
        new NetworkOptions(options.seed(), rules.local(), options.involution(), schema);
    if (!(network instanceof UserNetwork users)) {
      return blueprint(network, settings);
    }
    ComputationGraphConfiguration configuration = users.configuration(settings);
    new HandOptions(rules).apply(configuration);
    NetworkBlueprint blueprint =
        NetworkBlueprint.of(users.label(), configuration).with(plan.stepsPerEpoch());
    if (options.trainer() == TrainerChoice.DL4J_SPARK && blueprint.hasMuon()) {
      throw Dl4jSparkLimits.withMuon("the updater Muon of " + users.reader().name());
    }
    try {
      requireTrainable(blueprint, schema);
    } catch (RuntimeException e) {
      throw users.reader().refused(e);
    }
    return blueprint;
  }

  /**
   * What decides the results of users' networks, by their names: the configurations' digests, and
   * the options that win over them.
   */
  public static Map<String, String> identities(
      List<Network> networks, TrainOptions options, DataSchema schema) {
    Map<String, String> identities = new LinkedHashMap<>();
    for (Network network : networks) {
      if (network instanceof UserNetwork users) {
        NetworkOptions settings = new NetworkOptions(0, UNTRAINED, options.involution(), schema);
        String json = users.configuration(settings).toJson();
        String digest = Sha256.hex(json.getBytes(StandardCharsets.UTF_8));
        String byHand = String.join(" ", HandOptions.winning(options.given()));
        identities.put(users.label(), (digest + " " + byHand).strip());
      }
    }
    return identities;
  }

  /** Which options win over what users' networks say, one line for each; empty if none do. */
  public static List<String> notices(TrainOptions options) {
    List<String> winning = HandOptions.winning(options.given());
    return winning.isEmpty()
        ? List.of()
        : options.model().others().stream()
            .map(
                word ->
                    String.format(
                        Locale.ROOT,
                        "%s: --%s, given by hand, instead of what the configuration says",
                        ModelChoice.label(word),
                        String.join(", --", winning)))
            .toList();
  }

  /** Takes a local step with two images: what DL4J finds only then, it finds before the run. */
  private static void requireTrainable(NetworkBlueprint blueprint, DataSchema schema) {
    ImageShape image = schema.image();
    ComputationGraph graph = blueprint.build();
    try (INDArray images =
            Nd4j.zeros(DataType.FLOAT, 2, image.channels(), image.height(), image.width());
        INDArray labels = Nd4j.zeros(DataType.FLOAT, 2, schema.classCount())) {
      labels.getColumn(0).assign(1);
      graph.fit(new INDArray[] {images}, new INDArray[] {labels});
    } finally {
      GraphState.close(graph);
    }
  }

  /**
   * The same network with the loss that a run's options ask for.
   *
   * @param counts training examples of each class, asked for where they are needed
   */
  public static NetworkBlueprint trained(
      NetworkBlueprint network, LossOptions loss, Supplier<long[]> counts) {
    if (loss.equals(LossOptions.PLAIN)) {
      return network;
    }
    double[] weights =
        loss.classWeights() == ClassWeightsChoice.BALANCED
            ? ClassWeights.balanced(counts.get())
            : null;
    return network.with(new SoftmaxCrossEntropy(weights, loss.labelSmoothing()));
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
      Network kind, InvolutionOptions involution, DataSchema schema) {
    return blueprint(kind, new NetworkOptions(0, UNTRAINED, involution, schema));
  }

  /** The same for any network. */
  public static NetworkBlueprint untrained(Network network, DataSchema schema) {
    return untrained(network, InvolutionOptions.REFERENCE, schema);
  }

  /** The same with the state of an optimizer. */
  public static NetworkBlueprint untrained(
      Network network, OptimizerOptions optimizer, DataSchema schema) {
    return blueprint(
        network, new NetworkOptions(0, anyRate(optimizer), InvolutionOptions.REFERENCE, schema));
  }

  private static LocalRule anyRate(OptimizerOptions optimizer) {
    return new LocalRule(optimizer, LearningRate.constant(optimizer.choice().learningRate()));
  }

  /** The hyperparameters of a run's involutions; empty if it trains none. */
  public static Optional<InvolutionOptions> involution(TrainOptions options) {
    return of(options.model()).contains(NetworkKind.INVOLUTION)
        ? Optional.of(options.involution())
        : Optional.empty();
  }

  private static NetworkBlueprint blueprint(Network kind, NetworkOptions options) {
    // Before ND4J loads. Only here, so that commands without networks do not wait for it.
    DriverDevice.require();
    try {
      return NetworkBlueprint.of(kind.label(), kind.configuration(options));
    } catch (IllegalArgumentException e) {
      ImageShape image = options.schema().image();
      throw new InputException(
          String.format(
              Locale.ROOT,
              "the %s network cannot be made for images of %dx%d with %d channels (%s): use others"
                  + " (--image-size, --image-channels) or another --model",
              kind.label(),
              image.height(),
              image.width(),
              image.channels(),
              e.getMessage()),
          e);
    }
  }
}
