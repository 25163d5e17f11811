package io.involution.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GpuMemoryTest {
  @TempDir private Path folder;

  /** Memory as a script tells it, which notes every call. */
  private GpuMemory script(String body) throws IOException {
    Path file = folder.resolve("query");
    Files.writeString(file, "echo >> '" + calls() + "'\n" + body);
    return new GpuMemory(List.of("sh", file.toString()));
  }

  private Path calls() {
    return folder.resolve("calls");
  }

  @Test
  void readsEveryGpuByItsAddressAndAsksOnce() throws IOException {
    GpuMemory memory = script("echo '0, 512, 16384'\necho '3, 0, 81559'\necho '4, [N/A], [N/A]'\n");

    assertThat(memory.used("0")).isEqualTo(512.0 * 1024 * 1024);
    assertThat(memory.total("0")).isEqualTo(16384.0 * 1024 * 1024);
    assertThat(memory.used("3")).isZero();
    assertThat(memory.total("3")).isEqualTo(81559.0 * 1024 * 1024);
    assertThat(memory.used("4")).isNaN();
    assertThat(memory.used("1")).isNaN();
    assertThat(Files.readString(calls())).hasLineCount(1);
  }

  @Test
  void withoutAnAnswerItIsNotKnown() throws IOException {
    assertThat(new GpuMemory(List.of("/no/such/nvidia-smi")).used("0")).isNaN();
    assertThat(script("echo 'NVIDIA-SMI has failed'\nexit 9\n").used("0")).isNaN();
  }

  @Test
  void doesNotWaitForLong() throws IOException {
    GpuMemory memory = script("exec sleep 60\n");
    long begin = System.nanoTime();

    assertThat(memory.used("0")).isNaN();
    assertThat(memory.total("0")).isNaN();

    assertThat((System.nanoTime() - begin) / 1e9).isLessThan(30);
    assertThat(Files.readString(calls())).hasLineCount(1);
  }
}
