package io.involution.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.involution.failure.InputException;
import io.involution.spark.device.DriverDevice;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From the address of a GPU to the number that ND4J knows it by, and what is in the way. */
class ProcessGpusTest {
  private static final String PLACE = "executor 3 on there";

  private static Gpu gpu(int index, String capability) {
    return new Gpu(index, "GPU-" + index + "a-b", "NVIDIA X", capability, "510.1", "16 MiB");
  }

  private static Device find(String address, String visible, Gpu... gpus) {
    return ProcessGpus.find(address, new NvidiaSmi.Answer(List.of(gpus), null), visible, PLACE);
  }

  private static void assertRefused(Runnable find, String... parts) {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(find::run)
        .satisfies(
            e -> assertThat(e.getMessage()).startsWith(PLACE).contains(parts).doesNotContain("\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"3.7", "5.0", "5.3", "6.2", "7.0", "7.2", "7.5", "8.0", "8.6", "8.7", "8.9"})
  void codeRunsOnLaterMinorVersions(String capability) {
    assertThat(CudaCode.runsOn(capability)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"2.1", "3.0", "3.5", "9.0", "10.0", "12.0", "[N/A]", ""})
  void andOnNoOtherMajorVersion(String capability) {
    assertThat(CudaCode.runsOn(capability)).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "unset",
      value = {
        "unset, 1",
        "'0,1', 1",
        "'1,0', 0",
        "'3, 1', 1",
        "GPU-1a, 0",
        "'GPU-0a-b,GPU-1a-b', 1",
        "0, -1",
        "'', -1",
        "'-1,1', -1",
        "'10', -1",
        "'GPU-', -1"
      })
  void theListOfVisibleGpusIsCountedAlong(String visible, int position) {
    OptionalInt found = VisibleDevices.position(gpu(1, "8.0"), visible);

    assertThat(found.orElse(-1)).isEqualTo(position);
  }

  @Test
  void findsTheGpuOfAnAddress() {
    Device device = find("1", "1", gpu(0, "7.0"), gpu(1, "8.9"));

    assertThat(device.position()).isZero();
    assertThat(device).hasToString("gpu:1");
  }

  @Test
  void withoutADriverExecutorGpuAndFixAreNamed() {
    NvidiaSmi.Answer none = new NvidiaSmi.Answer(List.of(), "no nvidia-smi on the PATH");
    assertRefused(
        () -> ProcessGpus.find("2", none, null, PLACE), "GPU 2", "no nvidia-smi", "install");
  }

  @Test
  void aGpuThatTheCodeIsNotForIsNamed() {
    assertRefused(
        () -> ProcessGpus.requireCode(gpu(0, "9.0"), PLACE),
        "GPU 0 (NVIDIA X, compute capability 9.0)",
        "8.9");
  }

  @Test
  void aGpuThatIsNotThereOrHiddenIsNamed() {
    assertRefused(() -> find("4", null, gpu(0, "7.0")), "GPU 4", "discovery script");
    assertRefused(
        () -> find("0", "1", gpu(0, "7.0"), gpu(1, "7.0")),
        "GPU 0",
        "CUDA_VISIBLE_DEVICES=1 hides");
  }

  @Test
  void anAddressThatIsNoNumberIsRefused() {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> find("GPU-5fd4", null, gpu(0, "7.0")))
        .withMessageContaining("GPU address 'GPU-5fd4' is not a number")
        .withMessageContaining("discovery script");
  }

  @Test
  void aDriverThatHasNoGpuIsToldWhatItNeedsOneFor() {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(
            () ->
                DriverDevice.anyGpu(
                    new NvidiaSmi.Answer(List.of(), "no nvidia-smi"), "the driver on here"))
        .withMessageContaining("the driver on here, which builds the networks, has none")
        .withMessageContaining("without -Pcuda");
    assertThat(
            DriverDevice.anyGpu(
                new NvidiaSmi.Answer(List.of(gpu(5, "7.0")), null), "the driver on here"))
        .isEqualTo("5");
  }
}
