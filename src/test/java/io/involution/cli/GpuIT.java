package io.involution.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.involution.cuda.EmulatedCuda;
import io.involution.layers.SoftmaxOutput;
import io.involution.metrics.Json;
import io.involution.model.UserNetworks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Training on GPUs from the command to the model, without having one: the ordinary job jar, an
 * nvidia-smi that lists two of them, and a libcuda.so.1 that runs the kernels on the CPU. The first
 * executor to get that far loses its GPU in mid-round, and the first to get twice as far is killed.
 */
class GpuIT {
  /** Kernels that a process may run before it loses its GPU: within an epoch of those below. */
  private static final int KERNELS = 30;

  private static final String NETWORK = "involution";
  private static final String CLUSTER = "local-cluster[1,2,2048]";
  private static final String ONE_JVM = "local[2]";

  /** Two executors with a GPU each; on one host, so that Spark gives them different ones. */
  private static final Map<String, String> CLUSTER_SETTINGS =
      Map.of(
          "spark.authenticate.secret", "of-this-test",
          "spark.worker.resource.gpu.amount", "2",
          "spark.worker.resource.gpu.discoveryScript",
              Path.of("submit/gpu-discovery").toAbsolutePath().toString(),
          "spark.executor.resource.gpu.amount", "1",
          "spark.executor.cores", "1",
          "spark.executor.memory", "1g",
          "spark.task.resource.gpu.amount", "1");

  @TempDir private static Path folder;
  private static Path lost;
  private static Path killed;
  private static SharedDriver driver;

  @BeforeAll
  static void pretend() throws IOException {
    Path library = EmulatedCuda.path().toAbsolutePath();
    Path bin = Files.createDirectories(folder.resolve("bin"));
    lost = folder.resolve("lost");
    killed = folder.resolve("killed");
    script(bin.resolve("nvidia-smi"), nvidiaSmi());
    driver =
        new SharedDriver(
            List.of("--gpus-per-executor", "2"),
            Map.of(
                "PATH",
                bin + ":" + System.getenv("PATH"),
                "LD_LIBRARY_PATH",
                library.getParent().toString(),
                "CUDA_ON_CPU_DEVICES",
                "2"));
  }

  @AfterAll
  static void end() throws IOException {
    if (driver != null) {
      driver.close();
    }
  }

  /** The UUIDs are those of the emulation's devices. */
  private static String nvidiaSmi() {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 2; i++) {
      String uuid = "GPU-656d756c-6174-6564-2d3" + i + "-2e2e2e2e2e2e";
      lines.append(i + ", " + uuid + ", CPU emulation, 9.0, 550.1, 16384 MiB\n");
    }
    return "#!/bin/sh\ncase \"$1\" in *=index) printf '0\\n1\\n' ;; *) echo '"
        + lines.toString().strip()
        + "' ;; esac\n";
  }

  private static void script(Path file, String text) throws IOException {
    Files.writeString(file, text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private static Submitted train(String master, String out, String... more)
      throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of("train", "--data", "synthetic"));
    words.addAll(List.of("--train-limit", "16", "--test-limit", "4", "--batch-size", "8"));
    words.addAll(List.of("--averaging-period", "1", "--workers", "2"));
    words.addAll(List.of("--out", folder.resolve(out).toString()));
    words.addAll(List.of(more));
    return driver.command(master, words, master.equals(CLUSTER) ? clusterSettings() : Map.of());
  }

  /** Only executors lose a GPU or are killed: the tests share one driver and come in any order. */
  private static Map<String, String> clusterSettings() {
    Map<String, String> settings = new HashMap<>(CLUSTER_SETTINGS);
    settings.put("spark.executorEnv.CUDA_ON_CPU_LOST_AFTER", String.valueOf(KERNELS));
    settings.put("spark.executorEnv.CUDA_ON_CPU_LOST_ONCE", lost.toString());
    settings.put("spark.executorEnv.CUDA_ON_CPU_KILLED_AFTER", String.valueOf(2 * KERNELS));
    settings.put("spark.executorEnv.CUDA_ON_CPU_KILLED_ONCE", killed.toString());
    return settings;
  }

  private static JsonNode record(String out) throws IOException {
    return Json.MAPPER.readTree(folder.resolve(out).resolve("run.json").toFile());
  }

  private static String parameters(String out) throws IOException {
    return record(out).at("/results/" + NETWORK + "/parameters_sha256").asText();
  }

  @Test
  void aRunThatLosesAGpuAndAnExecutorAndOneThatIsResumedHaveTheBitsOfAnUndisturbedOne()
      throws Exception {
    String[] involution = {"--model", NETWORK, "--epochs", "2", "--device", "gpu"};
    Submitted disturbed = train(CLUSTER, "disturbed", involution);
    assertThat(disturbed.code()).as(disturbed.err()).isZero();
    assertThat(lost).exists();
    assertThat(killed).exists();
    assertThat(disturbed.err())
        .containsPattern("executor \\d on \\S+ has lost GPU \\d \\(CPU emulation, .*Xid")
        .contains("is lost: ");
    assertThat(record("disturbed").at("/identity/device").asText()).isEqualTo("gpu own");
    assertThat(record("disturbed").at("/devices").findValuesAsText("device"))
        .containsExactlyInAnyOrder("gpu:0", "gpu:1");
    assertThat(record("disturbed").at("/devices").findValuesAsText("engine")).containsOnly("own");

    Submitted whole = train(ONE_JVM, "whole", involution);
    assertThat(whole.code()).as(whole.err()).isZero();
    assertThat(whole.err() + whole.out())
        .contains("computing on CPU emulation, engine own, precision float32");
    Submitted half = train(ONE_JVM, "half", "--model", NETWORK, "--epochs", "1");
    assertThat(half.code()).as(half.err()).isZero();
    assertThat(parameters("half")).isNotEqualTo(parameters("whole"));

    Submitted elsewhere =
        train(ONE_JVM, "half", "--model", NETWORK, "--epochs", "2", "--resume", "--device", "cpu");
    assertThat(elsewhere.code()).isEqualTo(2);
    assertThat(elsewhere.errorLines())
        .singleElement()
        .asString()
        .contains("--resume: device was gpu own", "and is cpu now");
    Submitted resumed = train(ONE_JVM, "half", "--model", NETWORK, "--epochs", "2", "--resume");
    assertThat(resumed.code()).as(resumed.err()).isZero();

    assertThat(parameters("disturbed")).isEqualTo(parameters("whole"));
    assertThat(parameters("half")).isEqualTo(parameters("whole"));
    Submitted evaluated = evaluate("whole");
    assertThat(evaluated.code()).as(evaluated.err()).isZero();
    assertThat(record("evaluated").at("/results/" + NETWORK + "/test_loss"))
        .isEqualTo(record("whole").at("/results/" + NETWORK + "/test_loss"));
    // Last, because what loads ND4J first in a JVM must not be a task whose class path goes.
    // One slot, since the short trainings of each take long here.
    Submitted doctor =
        driver.command("local[1]", List.of("doctor", "--data", "synthetic"), Map.of());
    assertThat(doctor.out().replaceAll("\\s+", " "))
        .contains("compute capability 9.0), 16384 MiB, driver 550.1, engine own, precision float32")
        .contains("OK bits short trainings give the recorded results");
  }

  /**
   * The layers of deep networks by all that their recipe asks for, in small: Nesterov momentum,
   * decay in the gradient, smoothed labels, lookahead.
   */
  @Test
  void aDeepNetworkOnTensorCoresSaysSoAndIsNotResumedWithout() throws Exception {
    Path network = folder.resolve("deep.json");
    Files.writeString(network, UserNetworks.normed(8, new SoftmaxOutput(10)).toJson());
    String[] recipe = {
      "--config", "deep-convolution", "--model", network.toString(), "--epochs", "1"
    };
    Submitted run = train("tensors", recipe, "--precision", "tf32");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err() + run.out()).contains("engine own, precision tf32");
    assertThat(record("tensors").at("/identity/precision").asText()).isEqualTo("tf32");
    assertThat(record("tensors").at("/options/precision").asText()).isEqualTo("tf32");
    assertThat(record("tensors").at("/options/optimizer").asText()).isEqualTo("nesterovs");
    assertThat(record("tensors").at("/devices").findValuesAsText("engine")).containsOnly("own");

    Submitted without = train("tensors", recipe, "--resume");
    assertRefused(without, "--resume: precision was tf32 in ");
  }

  private static Submitted train(String out, String[] recipe, String... more)
      throws IOException, InterruptedException {
    return train(ONE_JVM, out, Stream.of(recipe, more).flatMap(Stream::of).toArray(String[]::new));
  }

  private static Submitted evaluate(String run) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of("evaluate", folder.resolve(run).toString()));
    words.addAll(List.of("--data", "synthetic", "--test-limit", "4", "--workers", "2"));
    words.addAll(List.of("--out", folder.resolve("evaluated").toString()));
    return driver.command(ONE_JVM, words, Map.of());
  }

  @Test
  void whatTheKernelsLackIsRefusedBeforeAnythingIsWritten() throws Exception {
    Path leNet = folder.resolve("lenet.json");
    Files.writeString(leNet, UserNetworks.leNet().toJson());
    assertRefused(train(ONE_JVM, "lenet", "--model", leNet.toString()), "ConvolutionLayer");
    assertRefused(
        train(ONE_JVM, "spark", "--trainer", "dl4j-spark", "--model", "convolution"),
        "--trainer dl4j-spark trains on the CPU");
    assertRefused(
        train(ONE_JVM, "nd4j", "--gpu-engine", "nd4j", "--model", "convolution"),
        "--gpu-engine nd4j needs the job jar that is built with -Pcuda");
    for (String out : List.of("lenet", "spark", "nd4j")) {
      assertThat(folder.resolve(out)).doesNotExist();
    }
  }

  private static void assertRefused(Submitted run, String part) {
    assertThat(run.code()).as(run.err()).isEqualTo(2);
    assertThat(run.errorLines()).as(run.err()).singleElement().asString().contains(part);
  }
}
