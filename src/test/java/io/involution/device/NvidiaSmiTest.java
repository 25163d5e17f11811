package io.involution.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NvidiaSmiTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir private Path folder;

  private NvidiaSmi.Answer ask(String script, Duration limit) throws IOException {
    Path program = Files.writeString(folder.resolve("smi"), "#!/bin/sh\n" + script + "\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    return new NvidiaSmi(program.toString(), limit).ask();
  }

  @Test
  void listsWhatTheDriverHas() throws IOException {
    NvidiaSmi.Answer answer =
        ask(
            """
            case "$*" in *compute_cap*--format=csv,noheader) ;; *) exit 9 ;; esac
            echo '0, GPU-aa-1, Tesla V100-SXM2-16GB, 7.0, 510.47.03, 16384 MiB'
            echo '1, GPU-bb-2, NVIDIA A10, 8.6, 510.47.03, 23028 MiB'
            """,
            LONG);

    assertThat(answer.fault()).isNull();
    assertThat(answer.gpus())
        .containsExactly(
            new Gpu(0, "GPU-aa-1", "Tesla V100-SXM2-16GB", "7.0", "510.47.03", "16384 MiB"),
            new Gpu(1, "GPU-bb-2", "NVIDIA A10", "8.6", "510.47.03", "23028 MiB"));
  }

  @ParameterizedTest
  @CsvSource({"0", "14"})
  void aWarningHidesNoGpu(int code) {
    String row = "0, GPU-1, NVIDIA A10, 8.6, 510.47.03, 23028 MiB\n";
    String warning = "WARNING: infoROM is corrupted at gpu 0000:00:1E.0\n";

    assertThat(NvidiaSmi.answer(code, row + warning, "").gpus()).hasSize(1);
    assertThat(NvidiaSmi.answer(code, row, warning).gpus()).hasSize(1);
    assertThat(NvidiaSmi.answer(code, warning, "").fault()).contains("lists no GPU");
  }

  @Test
  void aHostWithoutADriverHasNoProgram() {
    NvidiaSmi.Answer answer = new NvidiaSmi(folder.resolve("none").toString(), LONG).ask();

    assertThat(answer.gpus()).isEmpty();
    assertThat(answer.fault()).contains("no nvidia-smi on the PATH");
  }

  @Test
  void aDriverThatHangsIsNotWaitedForLong() throws IOException {
    assertThat(ask("exec sleep 100", Duration.ofSeconds(1)).fault()).contains("no answer in 1 s");
  }

  @ParameterizedTest
  @CsvSource({
    "9, NVIDIA-SMI has failed because it could not reach the driver., 'failed with exit code 9,"
        + " NVIDIA-SMI'",
    "2, 'Field \"compute_cap\" is not a valid field to query.', too old",
    "0, No devices were found, 'says: No devices'",
    "0, '', lists no GPU",
    "0, '0, GPU-1, A10', 'says: 0, GPU-1'"
  })
  void whatIsNoListIsSaid(int code, String text, String fault) {
    NvidiaSmi.Answer answer = NvidiaSmi.answer(code, text + "\n", "");

    assertThat(answer.gpus()).isEmpty();
    assertThat(answer.fault()).contains(fault).doesNotContain("\n");
  }
}
