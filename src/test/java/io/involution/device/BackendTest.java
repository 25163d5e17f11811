package io.involution.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.involution.failure.InputException;
import java.util.Map;
import org.junit.jupiter.api.Test;
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
}
