package io.involution.cuda;

import io.involution.config.InvolutionOptions;
import io.involution.config.training.OptimizerChoice;
import io.involution.config.training.OptimizerOptions;
import io.involution.config.training.WeightDecayChoice;
import io.involution.config.value.Augmentation;
import io.involution.cuda.driver.CudaLibrary;
import io.involution.data.DataSchema;
import io.involution.data.ImageShape;
import io.involution.data.ImageView;
import io.involution.data.Shard;
import io.involution.layers.SoftmaxCrossEntropy;
import io.involution.model.LearningRate;
import io.involution.model.Normalization;
import io.involution.model.network.LocalRule;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.network.NetworkKind;
import io.involution.model.network.NetworkOptions;
import io.involution.model.state.ModelState;
import io.involution.train.Assignment;
import io.involution.train.LocalSteps;
import io.involution.train.StepSums;
import io.involution.train.time.Round;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Short trainings whose results every device must give to the bit: two rounds of uneven minibatches
 * with augmentation, normalization, weight decay, a learning rate that changes, and class weights,
 * by every optimizer.
 */
public final class GoldenTraining {

  /** An image of odd sizes, which no fast form is for. */
  private static final ImageShape ODD = new ImageShape(3, 9, 10);

  private static final LearningRate RATE = new LearningRate(0.005, 2, 8);

  private static final int EXAMPLES = 14;

  /** First examples of the steps of both rounds. */
  private static final int[][] BOUNDS = {{0, 3, 7}, {7, 10, 14}};

  private final String name;
  private final ImageShape image;
  private final int classes;
  private final CudaNetwork network;

  /** By Adam with decoupled weight decay. */
  private GoldenTraining(NetworkKind kind, ImageShape image) {
    this(kind, image, "", LocalRule.adam(RATE, 0.01), 0);
  }

  private GoldenTraining(
      NetworkKind kind, ImageShape image, String suffix, LocalRule rule, double smoothing) {
    this.image = image;
    name =
        String.format(
            Locale.ROOT, "%s %dx%d%s", kind.label(), image.height(), image.width(), suffix);
    DataSchema schema = new DataSchema(image, DataSchema.CIFAR10.classes());
    classes = schema.classCount();
    NetworkOptions options = new NetworkOptions(42, rule, InvolutionOptions.REFERENCE, schema);
    network =
        new CudaNetwork(
            NetworkBlueprint.of(kind.label(), kind.configuration(options))
                .with(new Normalization(List.of(0.49, 0.48, 0.45), List.of(0.25, 0.24, 0.26)))
                .with(
                    new SoftmaxCrossEntropy(
                        IntStream.range(0, classes).mapToDouble(i -> 0.5 + 0.1 * i).toArray(),
                        smoothing)));
  }

  /** The trainings: every network with the reference images, and with odd ones, and every rule. */
  public static List<GoldenTraining> all() {
    Stream<GoldenTraining> networks =
        NetworkKind.SMALL.stream()
            .flatMap(
                kind ->
                    Stream.of(ImageShape.CIFAR10, ODD)
                        .map(image -> new GoldenTraining(kind, image)));
    return Stream.concat(networks, rules()).toList();
  }

  /** With smoothed labels and deep networks too. */
  private static Stream<GoldenTraining> rules() {
    OptimizerOptions nesterovs =
        new OptimizerOptions(
            OptimizerChoice.NESTEROVS,
            Optional.empty(),
            Optional.empty(),
            0.01,
            WeightDecayChoice.L2);
    OptimizerOptions muon = OptimizerOptions.of(OptimizerChoice.MUON, 0.01);
    return Stream.of(
        new GoldenTraining(
            NetworkKind.INVOLUTION, ODD, " nesterovs", new LocalRule(nesterovs, RATE), 0.1),
        new GoldenTraining(NetworkKind.CONVOLUTION, ODD, " muon", new LocalRule(muon, RATE), 0.2),
        new GoldenTraining(
            NetworkKind.DEEP_CONVOLUTION, ODD, " nesterovs", new LocalRule(nesterovs, RATE), 0.2),
        new GoldenTraining(NetworkKind.DEEP_INVOLUTION, ODD),
        new GoldenTraining(NetworkKind.REDNET, ODD));
  }

  /**
   * Trains all of them on a device.
   *
   * @return names of those that do not give what is recorded; none on a device that computes as it
   *     should
   */
  public static List<String> differing(CudaLibrary library, int ordinal) {
    List<String> recorded = recorded();
    return all().stream()
        .filter(training -> !recorded.contains(training.line(library, ordinal)))
        .map(GoldenTraining::name)
        .toList();
  }

  /** The network, the images' size, and the rule if it is not the usual one. */
  public String name() {
    return name;
  }

  /**
   * What all devices must give, from the job's own files; a line each as {@link #line} makes it.
   */
  public static List<String> recorded() {
    try (InputStream in =
        GoldenTraining.class.getResourceAsStream("/io/involution/golden-trainings.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Trains on a device.
   *
   * @return the training's name and what it gives: the parameters' SHA-256, the sum of the losses
   *     to the bit, and the number of correct predictions
   */
  public String line(CudaLibrary library, int ordinal) {
    SplittableRandom random = new SplittableRandom(7);
    Shard shard = shard(random);
    long[] views = random.ints(EXAMPLES, 0, 162).mapToLong(GoldenTraining::view).toArray();
    int[] order = random.ints(0, EXAMPLES).distinct().limit(EXAMPLES).toArray();
    try (CudaEngine engine = new CudaEngine(network, library, ordinal)) {
      double lossSum = 0;
      int correct = 0;
      for (int round = 0; round < BOUNDS.length; round++) {
        Round steps = new Round(1, round + 1, 2 * round, 2 * round + 2, 4);
        StepSums sums =
            engine.take(
                new LocalSteps(
                    shard,
                    order,
                    views,
                    BOUNDS[round],
                    new Assignment(0, steps, 1, Augmentation.USUAL)),
                () -> false);
        lossSum += sums.lossSum();
        correct += sums.correct();
        ModelState between = engine.capture();
        engine.restore(between);
      }
      String sha256 = engine.capture().parametersSha256();
      return String.format(
          Locale.ROOT, "%s: %s %s %d", name, sha256, Double.toHexString(lossSum), correct);
    }
  }

  /** A view's code: flipped or not, and shifted by up to 4 pixels. */
  private static long view(int number) {
    return new ImageView(number % 2 == 1, number / 18 - 4, number / 2 % 9 - 4).code();
  }

  private Shard shard(SplittableRandom random) {
    byte[] pixels = new byte[EXAMPLES * image.pixels()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) random.nextInt(256);
    }
    short[] labels = new short[EXAMPLES];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (short) random.nextInt(classes);
    }
    return new Shard(image, classes, pixels, labels);
  }
}
