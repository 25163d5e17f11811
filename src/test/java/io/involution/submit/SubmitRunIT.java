package io.involution.submit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real runs: Spark home from Maven, job jar, spark-submit, executors. */
class SubmitRunIT {
  @TempDir private Path temporary;
  private Path probe;

  @BeforeEach
  void makeProbeJar() throws IOException {
    probe = temporary.resolve("probe.jar");
    String entry = ProbeJob.class.getName().replace('.', '/') + ".class";
    try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(probe));
        InputStream bytes = ProbeJob.class.getClassLoader().getResourceAsStream(entry)) {
      jar.putNextEntry(new JarEntry(entry));
      bytes.transferTo(jar);
    }
  }

  @Test
  void localRunsInOneProcessAndPassesTheExitCodeOn() throws Exception {
    Command.Result result = submit("local", "probe", "3", "--workers", "1").run();
    assertThat(result.exitCode()).as(result.err()).isEqualTo(3);
    assertThat(result.out())
        .isEqualTo(
            """
            executor=driver sum=3.0 maxbytes=3g threads=1
            master=local[1]
            on disk=plain
            without=refused
            """);
    assertThat(result.err()).doesNotContain("WARN", "INFO");
  }

  @Test
  void anEncryptedLocalClusterRunsOnTwoExecutors() throws Exception {
    Command.Result result = submit("local-cluster", "--encrypt", "probe", "0").run();
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out())
        .contains("executor=0 sum=3.0 maxbytes=1g threads=1\n")
        .contains("executor=1 sum=3.0 maxbytes=1g threads=1\n")
        .contains("master=local-cluster[2,1,1024]\n", "on disk=encrypted\n")
        .contains("without=refused\n", "wrong=refused\n");
  }

  @Test
  void aSignalReachesTheJob() throws Exception {
    File out = temporary.resolve("out").toFile();
    Process process =
        submit("local", "probe", "wait").start(out, temporary.resolve("err").toFile());
    try {
      while (process.isAlive() && !Command.text(out).contains("waiting")) {
        Thread.sleep(50);
      }
      assertThat(process.info().command().orElseThrow()).endsWith("/java");
      process.destroy();
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(128 + 15);
    } finally {
      process.destroyForcibly();
    }
  }

  private Command submit(String target, String... arguments) {
    List<String> words = new ArrayList<>(List.of("--class", ProbeJob.class.getName()));
    words.addAll(List.of("--jars", probe.toString()));
    words.addAll(List.of(arguments));
    Path script = Project.real().folder().resolve("submit").resolve(target);
    return Command.of(temporary, script, words.toArray(String[]::new));
  }
}
