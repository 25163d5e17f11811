package io.involution.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.involution.failure.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackendTest {
  @Test
  void theOneThatIsThereCounts() {
    assertThat(Backend.choose(true, false, Map.of())).isEqualTo(Backend.CPU);
    assertThat(Backend.choose(false, true, Map.of())).isEqualTo(Backend.CUDA);
    assertThat(Backend.choose(true, false, Map.of("BACKEND_PRIORITY_GPU", "9")))
        .isEqualTo(Backend.CPU);
  }

  @Test
  void theTestsThemselvesRunOnTheCpu() {
    assertThat(Backend.here()).isEqualTo(Backend.CPU);
  }

  @ParameterizedTest
  @CsvSource({
    "BACKEND_PRIORITY_CPU, 200, CPU",
    "BACKEND_PRIORITY_CPU, 50, CUDA",
    "BACKEND_PRIORITY_GPU, 1, CUDA"
  })
  void ofTwoTheEnvironmentDecides(String variable, String value, Backend backend) {
    assertThat(Backend.choose(true, true, Map.of(variable, value))).isEqualTo(backend);
  }

  @Test
  void ofTwoNoneIsTakenInSilence() {
    for (Map<String, String> environment :
        java.util.List.of(Map.<String, String>of(), Map.of("BACKEND_PRIORITY_CPU", "100"))) {
      assertThatExceptionOfType(InputException.class)
          .isThrownBy(() -> Backend.choose(true, true, environment))
          .withMessageContaining("remove one");
    }
  }

  @Test
  void noneAndNonsenseAreRefused() {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> Backend.choose(false, false, Map.of()))
        .withMessageContaining("-Pcuda");
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> Backend.choose(true, true, Map.of("BACKEND_PRIORITY_CPU", "high")))
        .withMessageContaining("BACKEND_PRIORITY_CPU is 'high'");
  }

  @Test
  void aHostWithoutNativeLibrariesIsRefusedWithTheBuildForIt() {
    HostPlatform here = HostPlatform.here();
    assertThatCode(here::require).doesNotThrowAnyException();
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(new HostPlatform("linux-armhf", false)::require)
        .withMessageContainingAll("linux-armhf", "-Dnative.platform=linux-armhf");
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(new HostPlatform(here.name(), true)::require)
        .withMessageContainingAll("musl", "glibc");
  }

  @Test
  void muslIsKnownByWhatTheProcessHasLoaded(@TempDir Path folder) throws IOException {
    Path maps = folder.resolve("maps");
    Files.writeString(maps, "7f1c00000000-7f1c00001000 r--p 0 fe:00 9 /lib/ld-musl-x86_64.so.1\n");
    assertThat(HostPlatform.isMusl(maps)).isTrue();
    assertThat(HostPlatform.isMusl(Path.of("/proc/self/maps"))).isFalse();
    assertThat(HostPlatform.isMusl(folder.resolve("none"))).isFalse();
  }
}
