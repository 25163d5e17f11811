package io.involution.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rules for shell scripts. */
class ScriptsTest {
  @Test
  void shellcheckFindsNothing() throws IOException, InterruptedException {
    assumeTrue(
        Stream.of(System.getenv("PATH").split(":"))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, "shellcheck"))),
        "shellcheck is not installed, so the scripts are not checked: apt-get install shellcheck");
    List<String> words = new ArrayList<>(List.of("shellcheck", "-x"));
    scripts().forEach(script -> words.add(script.toString()));
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    assertThat(said).isEmpty();
    assertThat(process.exitValue()).isZero();
  }

  @Test
  void scriptsWithAFirstLineAreExecutableAndStrict() throws IOException {
    for (Path script : scripts()) {
      String text = Files.readString(script);
      assertThat(text).as("%s", script).contains("set -euo pipefail");
      assertThat(Files.isExecutable(script)).as("%s", script).isEqualTo(text.startsWith("#!"));
    }
  }

  /** Java would end with a hundred lines, some without a word about files. */
  @Test
  void tooFewOpenFilesAreOneLine() throws IOException, InterruptedException {
    Command.Result ended =
        Command.of(
                Path.of("").toAbsolutePath(),
                Path.of("bash"),
                "-c",
                "ulimit -n 200; exec submit/local summary")
            .run();

    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err().lines())
        .singleElement()
        .asString()
        .contains("at most 200 files", "needs 512", "ulimit -n 512");
  }

  @Test
  void aWarningHidesNoGpuFromSpark(@TempDir Path folder) throws IOException, InterruptedException {
    String smi = "#!/bin/sh\nprintf '0\\n1\\nWARNING: infoROM is corrupted at gpu 0\\n'\nexit ";
    Command discovery =
        Command.of(Path.of("").toAbsolutePath(), Path.of("submit/gpu-discovery"))
            .with("PATH", folder + ":" + System.getenv("PATH"));

    Project.script(folder.resolve("nvidia-smi"), smi + 14 + "\n");
    assertThat(discovery.run())
        .isEqualTo(
            new Command.Result(0, "{\"name\": \"gpu\", \"addresses\": [\"0\",\"1\"]}\n", ""));
    Project.script(folder.resolve("nvidia-smi"), smi + 9 + "\n");
    assertThat(discovery.run()).isEqualTo(new Command.Result(9, "", ""));
  }

  private static List<Path> scripts() throws IOException {
    List<Path> scripts = new ArrayList<>(List.of(Path.of(".ci", "run")));
    try (Stream<Path> files = Files.walk(Path.of("submit"))) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        if (file.toString().endsWith(".sh") || Files.readString(file).startsWith("#!")) {
          scripts.add(file);
        }
      }
    }
    return scripts;
  }
}
