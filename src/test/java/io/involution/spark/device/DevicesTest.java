package io.involution.spark.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.involution.config.DeviceChoice;
import io.involution.config.GpuEngineChoice;
import io.involution.device.Backend;
import io.involution.failure.InputException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DevicesTest {
  private static boolean choose(DeviceChoice choice, String addresses, Backend jar) {
    List<String> gpus = addresses == null ? List.of() : List.of(addresses.split("\\+", -1));
    return Devices.choosesGpu(choice, gpus, jar, "executor 7 on there");
  }

  @ParameterizedTest
  @CsvSource({
    "AUTO,    , CPU, false",
    "AUTO,   0, CPU, true",
    "AUTO,   3, CUDA, true",
    "AUTO, 1+2, CUDA, true",
    "CPU,     , CPU, false",
    "CPU,    0, CPU, false",
    "GPU,    0, CPU, true",
    "GPU,    0, CUDA, true"
  })
  void choicesThatGoTogether(DeviceChoice choice, String addresses, Backend jar, boolean gpu) {
    assertThat(choose(choice, addresses, jar)).isEqualTo(gpu);
  }

  @ParameterizedTest
  @CsvSource({
    "AUTO,  , CUDA, --gpus-per-executor 1",
    "CPU,   , CUDA, without -Pcuda",
    "CPU,  0, CUDA, without -Pcuda",
    "GPU,   , CUDA, --gpus-per-executor 1",
    "GPU,   , CPU, --gpus-per-executor 1"
  })
  void choicesThatDoNotAreRefusedWithAFix(
      DeviceChoice choice, String addresses, Backend jar, String fix) {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> choose(choice, addresses, jar))
        .satisfies(e -> assertThat(e.getMessage()).contains(fix).doesNotContain("\n"));
  }

  @Test
  void executorIsNamed() {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> choose(DeviceChoice.GPU, null, Backend.CUDA))
        .withMessageContaining("executor 7 on there");
  }

  @Test
  void theJarHasToHaveTheEngine() {
    Devices.require(GpuEngineChoice.OWN, Backend.CPU);
    Devices.require(GpuEngineChoice.ND4J, Backend.CUDA);
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> Devices.require(GpuEngineChoice.ND4J, Backend.CPU))
        .withMessageContaining("--gpu-engine nd4j needs the job jar that is built with -Pcuda");
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> Devices.require(GpuEngineChoice.OWN, Backend.CUDA))
        .withMessageContaining("add --gpu-engine nd4j");
  }
}
