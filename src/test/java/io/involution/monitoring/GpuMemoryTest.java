package io.involution.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GpuMemoryTest {
  @TempDir private Path folder;

  /** Memory as a script tells it, which notes every call. */
  private GpuMemory script(String body) throws IOException {
    Path file = folder.resolve("query");
    Files.writeString(file, "echo >> '" + calls() + "'\n" + body);
    return GpuMemory.of(List.of("0", "3", "4", "5"), List.of("sh", file.toString()));
  }

  private Path calls() {
    return folder.resolve("calls");
  }

  @Test
  void readsEveryGpuByItsAddressAndAsksOnce() throws IOException {
    GpuMemory memory =
        script(
            "echo '0, 512, 16384'\necho '2, 1, 2'\necho '3, 0, 81559'\necho '4, [N/A], [N/A]'\n");

    Map<String, GpuMemory.Usage> expected =
        Map.of(
            "0", new GpuMemory.Usage(512.0 * 1024 * 1024, 16384.0 * 1024 * 1024),
            "3", new GpuMemory.Usage(0, 81559.0 * 1024 * 1024));
    assertThat(memory.read()).isEqualTo(expected);
    assertThat(memory.read()).isEqualTo(expected);
    assertThat(Files.readString(calls())).hasLineCount(1);
  }

  @Test
  void withoutAnAnswerItIsNotKnown() throws IOException {
    assertThat(GpuMemory.of(List.of("0"), List.of("/no/such/nvidia-smi")).read()).isEmpty();
    assertThat(script("echo 'NVIDIA-SMI has failed'\nexit 9\n").read()).isEmpty();
  }

  @Test
  void doesNotWaitForLong() throws IOException {
    GpuMemory memory = script("exec sleep 60\n");
    long begin = System.nanoTime();

    assertThat(memory.read()).isEmpty();
    assertThat(memory.read()).isEmpty();

    assertThat((System.nanoTime() - begin) / 1e9).isLessThan(30);
    assertThat(Files.readString(calls())).hasLineCount(1);
  }
}
