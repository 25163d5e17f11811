package io.involution.submit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What ND4J's CUDA backend cannot use, without a GPU: a jar that looks as if it held ND4J's CUDA
 * backend, a discovery script that promises GPUs, and an nvidia-smi that lists what the test wants.
 */
class GpuRefusalIT {
  private static final String BACKEND = "org/nd4j/linalg/jcublas/JCublasBackend.class";

  @TempDir private Path folder;
  private Path jar;
  private Path bin;

  @BeforeEach
  void pretend() throws IOException {
    jar = folder.resolve("cuda.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new JarEntry(BACKEND));
    }
    bin = folder.resolve("bin");
    Project.script(
        bin.resolve("discovery"),
        "#!/bin/sh\necho '{\"name\": \"gpu\", \"addresses\": [\"0\"]}'\n");
  }

  private void nvidiaSmi(String line) throws IOException {
    Project.script(bin.resolve("nvidia-smi"), "#!/bin/sh\necho '" + line + "'\n");
  }

  /** One executor, which is promised GPU 0. */
  private Command train(String... submitOptions) {
    List<String> words = new ArrayList<>(List.of("--master", "local-cluster[1,1,1024]"));
    words.addAll(List.of("--jars", jar.toString()));
    for (String role : List.of("worker", "executor")) {
      words.addAll(conf("spark." + role + ".resource.gpu.amount=1"));
      words.addAll(
          conf("spark." + role + ".resource.gpu.discoveryScript=" + bin.resolve("discovery")));
    }
    words.addAll(conf("spark.task.resource.gpu.amount=1"));
    words.addAll(Arrays.asList(submitOptions));
    words.addAll(List.of("train", "--data", "synthetic", "--device", "gpu"));
    words.addAll(List.of("--out", folder.resolve("out").toString()));
    return Command.of(
            folder,
            Project.real().folder().resolve("submit/local-cluster"),
            words.toArray(String[]::new))
        .with("PATH", bin + ":" + System.getenv("PATH"));
  }

  /** The driver keeps to the CPU, its executors are told to take their GPUs. */
  private Command trainOnExecutors() {
    return train(conf("spark.executorEnv.BACKEND_PRIORITY_GPU=300").toArray(String[]::new))
        .with("BACKEND_PRIORITY_CPU", "200");
  }

  private static List<String> conf(String setting) {
    return List.of("--conf", setting);
  }

  private void assertRefused(Command command, String... parts) throws Exception {
    Command.Result result = command.run();

    assertThat(result.exitCode()).as(result.err()).isEqualTo(2);
    assertThat(result.err().lines().filter(line -> line.startsWith("error: ")))
        .singleElement()
        .asString()
        .contains(parts);
    assertThat(stackTraces(result.err())).isEmpty();
    assertThat(folder.resolve("out")).doesNotExist();
  }

  /**
   * Stack traces, but for those of Spark's message loops: while the local cluster is taken down its
   * worker and its master, in the driver's JVM, log that they cannot reach each other any more.
   */
  private static List<String> stackTraces(String err) {
    return Pattern.compile("^(\\t.*|Caused by: .*)(\\n\\t.*|\\nCaused by: .*)*", Pattern.MULTILINE)
        .matcher(err)
        .results()
        .map(MatchResult::group)
        .filter(trace -> trace.contains("\tat "))
        .filter(trace -> !trace.contains("\tat org.apache.spark.rpc.netty.MessageLoop"))
        .toList();
  }

  /** ND4J comes up with the CPU, because the CUDA backend is none: nobody computes there. */
  @Test
  void aSilentFallBackToTheCpu() throws Exception {
    nvidiaSmi("0, GPU-5f, Tesla V100, 7.0, 510.1, 16384 MiB");

    assertRefused(trainOnExecutors(), " on 127.0.0.1 computes on the CPU, and not on the GPU");
  }

  @Test
  void twoBackendsAndNothingThatDecides() throws Exception {
    assertRefused(train(), "both on the class path", "remove one", "BACKEND_PRIORITY_GPU");
  }
}
