package io.involution.spark.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.involution.config.DeviceChoice;
import io.involution.device.Backend;
import io.involution.failure.InputException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DevicesTest {
  private static Backend choose(DeviceChoice choice, String addresses, Backend jar) {
    List<String> gpus = addresses == null ? List.of() : List.of(addresses.split("\\+", -1));
    return Devices.choose(choice, gpus, jar, "executor 7 on there");
  }

  @ParameterizedTest
  @CsvSource({
    "AUTO,    , CPU",
    "AUTO,   3, CUDA",
    "AUTO, 1+2, CUDA",
    "CPU,     , CPU",
    "CPU,    0, CPU",
    "GPU,    0, CUDA"
  })
  void choicesThatGoTogether(DeviceChoice choice, String addresses, Backend jar) {
    assertThat(choose(choice, addresses, jar)).isEqualTo(jar);
  }

  @ParameterizedTest
  @CsvSource({
    "AUTO,  , CUDA, --gpus-per-executor 1",
    "AUTO, 0, CPU, -Pcuda",
    "CPU,   , CUDA, without -Pcuda",
    "CPU,  0, CUDA, without -Pcuda",
    "GPU,   , CUDA, --gpus-per-executor 1",
    "GPU,   , CPU, --gpus-per-executor 1",
    "GPU,  0, CPU, -Pcuda"
  })
  void choicesThatDoNotAreRefusedWithAFix(
      DeviceChoice choice, String addresses, Backend jar, String fix) {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> choose(choice, addresses, jar))
        .satisfies(e -> assertThat(e.getMessage()).contains(fix).doesNotContain("\n"));
  }

  @Test
  void executorAndGpuAreNamed() {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> choose(DeviceChoice.GPU, null, Backend.CUDA))
        .withMessageContaining("executor 7 on there");
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> choose(DeviceChoice.GPU, "3", Backend.CPU))
        .withMessageContaining("executor 7 on there GPU 3");
  }
}
