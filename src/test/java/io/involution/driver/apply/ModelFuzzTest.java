package io.involution.driver.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.involution.config.TrainConfig;
import io.involution.config.TrainOptions;
import io.involution.driver.WarmStart;
import io.involution.driver.input.Networks;
import io.involution.failure.InputException;
import io.involution.model.ModelDamage;
import io.involution.model.ModelFile;
import io.involution.model.network.NetworkKind;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.apache.hadoop.conf.Configuration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Model files damaged in thousands of ways, the same ones every time, through predict and the
 * reading of {@code --init} (evaluate reads as predict does): either the numbers are finite, or one
 * line says why not, in bounded memory. {@code -Dfuzz.cases=N} sets the number of cases, {@code
 * -Dfuzz.seed=N} other ones, and {@code -Dfuzz.keep=FOLDER} keeps the first 50 files.
 */
class ModelFuzzTest {
  private static final long MOST_BYTES = 64 << 20;

  private final int cases = Integer.getInteger("fuzz.cases", 40);
  private final long seed = Long.getLong("fuzz.seed", 7);
  private final Configuration hadoop = new Configuration();
  private final TrainOptions options =
      TrainConfig.load(Map.of("model", "involution"), Optional.empty());

  @TempDir private Path folder;
  private Path image;
  private byte[] sound;

  @BeforeEach
  void writeInputs() throws IOException {
    ComputationGraph graph = Networks.untrained(NetworkKind.INVOLUTION).build();
    sound = ModelFile.write(graph);
    graph.close();
    image = folder.resolve("a.png");
    ImageIO.write(new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB), "png", image.toFile());
  }

  @Test
  void damagedModelsAreReadOrRefusedInOneLine() throws IOException {
    assertThat(refusal(sound)).isEmpty();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    ModelDamage damage = new ModelDamage(sound, seed);
    int refused = 0;
    for (int i = 0; i < cases; i++) {
      byte[] damaged = damage.next();
      keep(i, damaged);
      long before = threads.getCurrentThreadAllocatedBytes();
      refused += refusal(damaged).isPresent() ? 1 : 0;
      assertThat(threads.getCurrentThreadAllocatedBytes() - before)
          .as("bytes of case %d of seed %d", i, seed)
          .isLessThan(MOST_BYTES);
    }
    System.out.println(refused + " of " + cases + " damaged models refused");
    assertThat(refused).isBetween(cases / 2, cases - 1);
  }

  private void keep(int number, byte[] damaged) throws IOException {
    String kept = System.getProperty("fuzz.keep");
    if (kept != null && number < 50) {
      Files.write(Path.of(kept).resolve("case-" + number + ".zip"), damaged);
    }
  }

  /** Why the model is refused; empty when both commands take it and compute numbers. */
  private Optional<String> refusal(byte[] model) throws IOException {
    Path file = Files.write(folder.resolve("model.zip"), model);
    Optional<String> predict = refusal(() -> predict(file));
    Optional<String> init = refusal(() -> WarmStart.read(file.toString(), options, hadoop));
    return predict.or(() -> init);
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

  private void predict(Path model) {
    StringWriter printed = new StringWriter();
    new PredictJob(hadoop, new PrintWriter(printed))
        .run(model.toString(), List.of(image.toString()), null);
    assertThat(printed.toString()).contains("%").doesNotContain("NaN", "Infinity", "\u001b");
  }
}
