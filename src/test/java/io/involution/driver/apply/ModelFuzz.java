package io.involution.driver.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.involution.data.DataSchema;
import io.involution.data.ImageShape;
import io.involution.data.ShardFixture;
import io.involution.driver.WarmStart;
import io.involution.driver.input.Networks;
import io.involution.driver.input.RecordedModel;
import io.involution.driver.input.SavedModel;
import io.involution.evaluate.Evaluator;
import io.involution.failure.InputException;
import io.involution.model.Minibatch;
import io.involution.model.ModelDamage;
import io.involution.model.SavedNetwork;
import io.involution.model.SmallNetwork;
import io.involution.model.UserNetworks;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.network.NetworkKind;
import io.involution.model.summary.NetworkSummary;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.apache.hadoop.conf.Configuration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.learning.config.Adam;

/**
 * Damaged model files through the code of every command that reads one: predict, evaluate (without
 * its Spark job), and {@code --init} of train and experiment. Either the numbers are finite, or one
 * line says why not.
 */
public final class ModelFuzz {
  private static final NetworkBlueprint INVOLUTION = Networks.untrained(NetworkKind.INVOLUTION);
  private static final long MOST_BYTES = 64 << 20;

  private final Configuration hadoop = new Configuration();
  private final Path folder;
  private final Path image;
  private final boolean ours;

  private ModelFuzz(Path folder, boolean ours) throws IOException {
    this.ours = ours;
    this.folder = folder;
    this.image = folder.resolve("a.png");
    ImageIO.write(new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB), "png", image.toFile());
  }

  /** A JVM of its own, for its limits: folder, number of cases, seed. */
  public static void main(String[] arguments) throws IOException {
    run(Path.of(arguments[0]), Integer.parseInt(arguments[1]), Long.parseLong(arguments[2]));
  }

  /** A sound file of a network of this job. */
  static byte[] sound() {
    return SavedNetwork.file(INVOLUTION);
  }

  /** Reads the cases of a seed: of a network of this job, and of two of users. */
  static void run(Path folder, int cases, long seed) throws IOException {
    int refused = new ModelFuzz(folder, true).run(sound(), cases / 3, seed);
    byte[] users = SavedNetwork.file(SmallNetwork.convolution(new Adam(0.001)));
    refused += new ModelFuzz(folder, false).run(users, cases / 3, seed);
    byte[] normed = SavedNetwork.file(NetworkBlueprint.of("normed", UserNetworks.normed()));
    refused += new ModelFuzz(folder, false).run(normed, cases - 2 * (cases / 3), seed);
    assertThat(refused).isBetween(cases / 2, cases - 1);
  }

  /** Returns how many were refused. */
  private int run(byte[] sound, int cases, long seed) throws IOException {
    assertThat(refusal(sound)).isEmpty();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    ModelDamage damage = new ModelDamage(sound, seed);
    int refused = 0;
    for (int i = 0; i < cases; i++) {
      byte[] damaged = damage.next();
      long before = threads.getCurrentThreadAllocatedBytes();
      try {
        refused += refusal(damaged).isPresent() ? 1 : 0;
      } catch (RuntimeException | Error e) {
        throw new AssertionError("case " + i + " of seed " + seed, e);
      }
      assertThat(threads.getCurrentThreadAllocatedBytes() - before)
          .as("bytes of case %d of seed %d", i, seed)
          .isLessThan(MOST_BYTES);
    }
    System.out.println(refused + " of " + cases + " damaged models refused");
    return refused;
  }

  /** Why the model is refused; empty when every command takes it and computes numbers. */
  private Optional<String> refusal(byte[] model) throws IOException {
    String file = Files.write(folder.resolve("model.zip"), model).toString();
    Optional<String> predict = refusal(() -> predict(file));
    Optional<String> evaluate = refusal(() -> evaluate(file));
    Optional<String> init =
        ours
            ? refusal(() -> WarmStart.read(file, hadoop).parameters(INVOLUTION))
            : Optional.empty();
    return predict.or(() -> evaluate).or(() -> init);
  }

  private static Optional<String> refusal(Runnable command) {
    try {
      command.run();
      return Optional.empty();
    } catch (InputException e) {
      assertThat(e.getMessage()).matches("[ -~]{1,700}").contains("model.zip", ": use ");
      return Optional.of(e.getMessage());
    }
  }

  private void predict(String model) {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream terminal = new PrintStream(printed, true, StandardCharsets.UTF_8);
    new PredictJob(hadoop, terminal).run(model, List.of(image.toString()), null);
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .contains("%")
        .doesNotContain("NaN", "Infinity", "\u001b");
  }

  /** As EvaluateJob does; its executors run the same evaluation. */
  private void evaluate(String model) {
    byte[] bytes = RecordedModel.read("MODEL", model, hadoop);
    SavedModel saved = SavedModel.read(bytes, model);
    ComputationGraph graph = saved.graph();
    try (Minibatch minibatch = new Minibatch(saved.blueprint().normalization())) {
      saved.requireFor(DataSchema.CIFAR10, model);
      NetworkSummary.of(graph, Networks.input(ImageShape.CIFAR10));
      double loss = Evaluator.evaluate(graph, minibatch, ShardFixture.random(1, 4), 1).lossSum();
      if (!Double.isFinite(loss)) {
        throw SavedModel.notFinite(model);
      }
    } finally {
      graph.close();
    }
  }
}
