package io.involution.driver.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.cluster.JobProcess;
import io.involution.model.ModelDamage;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * 20,000 damaged model files in one JVM with a heap of 256 MiB, and 50 in processes of their own:
 * {@code mvn -B verify -Psoak -Dit.test=ModelFuzzSoak}. {@code -Dfuzz.seed=N} takes others.
 */
class ModelFuzzSoak {
  private static final int CASES = Integer.getInteger("fuzz.cases", 20_000);
  private static final int PROCESSES = Integer.getInteger("fuzz.processes", 50);
  private static final long SEED = Long.getLong("fuzz.seed", 7);

  @TempDir private Path folder;

  /** Without DL4J's garbage collection whenever a network is closed, most of the time. */
  @Test
  void inOneJvm() throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:+DisableExplicitGC", "-XX:+ExitOnOutOfMemoryError"));
    command.addAll(List.of("-Dorg.bytedeco.javacpp.maxbytes=512m", "-Djava.awt.headless=true"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(ModelFuzz.class.getName());
    command.addAll(List.of(folder.toString(), "" + CASES, "" + SEED));
    Path said = folder.resolve("said.txt");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    try {
      assertThat(process.waitFor()).as(Files.readString(said)).isZero();
      System.out.println(Files.readString(said));
    } finally {
      process.destroyForcibly();
    }
  }

  /** The same damage in predict, evaluate, train and experiment. */
  @Test
  void inProcesses() throws Exception {
    Path image = folder.resolve("a.png");
    ImageIO.write(new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB), "png", image.toFile());
    ModelDamage damage = new ModelDamage(ModelFuzz.sound(), SEED);
    int refused = 0;
    for (int i = 0; i < PROCESSES; i++) {
      Path model = Files.write(folder.resolve("model.zip"), damage.next());
      try (JobProcess process = JobProcess.start(folder, command(i, model, image))) {
        int code = process.await();
        assertThat(code).as("case %d: %s", i, process.err()).isIn(0, 2);
        if (code == 2) {
          refused++;
          assertThat(process.err().lines().filter(line -> line.startsWith("error:")))
              .as(process.err())
              .singleElement()
              .asString()
              .contains("model.zip", ": use ")
              .matches("[ -~]+");
          assertThat(process.err()).doesNotContain("\tat ");
        }
        assertThat(process.out()).doesNotContain("NaN", "Infinity", "\u001b");
      }
    }
    System.out.println(refused + " of " + PROCESSES + " processes refused their model");
    assertThat(refused).isBetween(PROCESSES / 2, PROCESSES - 1);
  }

  private List<String> command(int number, Path model, Path image) throws IOException {
    String data = "--data synthetic --test-limit 16 --workers 1 --out ";
    String words =
        switch (number % 5) {
          case 0 -> "evaluate " + model + " " + data + folder.resolve("evaluation-" + number);
          case 1 ->
              "train --model involution --train-limit 64 --epochs 1 --batch-size 32 --init "
                  + model
                  + " "
                  + data
                  + folder.resolve("run-" + number);
          case 2 -> "experiment " + experiment(number, model);
          default -> "predict --model " + model + " " + image;
        };
    return List.of(("submit/local " + words).split(" "));
  }

  private Path experiment(int number, Path model) throws IOException {
    String text =
        "experiment { name = fuzz, out = \"%s\", defaults { data = synthetic, train-limit = 64,"
            + " test-limit = 16, batch-size = 32, epochs = 1, model = involution, workers = 1,"
            + " init = \"%s\" }, grid { seed = [1] } }";
    Path out = folder.resolve("experiment-" + number);
    return Files.writeString(
        folder.resolve(number + ".conf"),
        text.replaceFirst("%s", "" + out).replace("%s", "" + model));
  }
}
