package io.involution.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.involution.config.DeviceChoice;
import io.involution.config.InputException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DevicesTest {
  private static Device choose(DeviceChoice choice, String addresses, String jar) {
    List<String> gpus = addresses == null ? List.of() : List.of(addresses.split("\\+", -1));
    return Devices.choose(choice, gpus, jar.equals("cpu"), "exec7");
  }

  @ParameterizedTest
  @CsvSource({
    "AUTO,    , cpu, cpu",
    "AUTO,   3, gpu, gpu:3",
    "AUTO, 1+2, gpu, gpu:1",
    "CPU,     , cpu, cpu",
    "CPU,    0, cpu, cpu",
    "GPU,    0, gpu, gpu:0"
  })
  void choicesThatGoTogether(DeviceChoice choice, String addresses, String jar, String device) {
    assertThat(choose(choice, addresses, jar)).hasToString(device);
  }

  @ParameterizedTest
  @CsvSource({
    "AUTO,  , gpu, --gpus-per-executor 1",
    "AUTO, 0, cpu, -Pcuda",
    "CPU,   , gpu, without -Pcuda",
    "CPU,  0, gpu, without -Pcuda",
    "GPU,   , gpu, --gpus-per-executor 1",
    "GPU,   , cpu, --gpus-per-executor 1",
    "GPU,  0, cpu, -Pcuda"
  })
  void choicesThatDoNotAreRefusedWithAFix(
      DeviceChoice choice, String addresses, String jar, String fix) {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> choose(choice, addresses, jar))
        .satisfies(e -> assertThat(e.getMessage()).contains(fix).doesNotContain("\n"));
  }

  @Test
  void executorWithoutAGpuIsNamed() {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> choose(DeviceChoice.GPU, null, "gpu"))
        .withMessageContaining("executor exec7");
  }

  @Test
  void addressThatIsNoNumberIsRefused() {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> choose(DeviceChoice.AUTO, "GPU-5fd4", "gpu"))
        .withMessageContaining("GPU address 'GPU-5fd4' is no number")
        .withMessageContaining("discovery script");
  }
}
