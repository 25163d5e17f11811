package io.involution.spark.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.involution.cuda.driver.CudaFaults;
import io.involution.cuda.driver.DeviceFacts;
import io.involution.device.Gpu;
import io.involution.failure.InputException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which of the driver's devices a task's GPU is, and what is said of one that fails. */
class OwnGpusTest {
  private static final String PLACE = "executor 3 on there";
  private static final String UUID = "5fd4f087-86f3-7a43-b711-4771313afc5";
  private static final Gpu GPU = gpu("7.5");

  private static Gpu gpu(String capability) {
    return new Gpu(1, "GPU-" + UUID + "1", "NVIDIA T4", capability, "535.1", "16384 MiB");
  }

  private static DeviceFacts device(int ordinal, String name, int major, int minor) {
    return new DeviceFacts(ordinal, name, UUID + ordinal, major, minor, 1L << 34);
  }

  private static void assertRefused(List<DeviceFacts> devices, String... parts) {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> OwnGpus.find(GPU, devices, PLACE))
        .satisfies(
            e ->
                assertThat(e.getMessage())
                    .startsWith(PLACE + " cannot use GPU 1 (NVIDIA T4, ")
                    .contains(parts)
                    .doesNotContain("\n"));
  }

  @Test
  void theUuidDecidesAndNotTheNumber() {
    List<DeviceFacts> devices = List.of(device(1, "NVIDIA T4", 7, 5), device(2, "NVIDIA T4", 7, 5));

    assertThat(OwnGpus.find(GPU, devices, PLACE)).isEqualTo(devices.get(0));
  }

  @Test
  void whatTheKernelsDoNotRunOnIsNamed() {
    assertRefused(List.of(), "the driver shows the process no GPU");
    assertRefused(List.of(device(2, "NVIDIA T4", 7, 5)), "GPU-" + UUID + "2", "may use");
    assertRefused(List.of(device(1, "A100 MIG 1g.5gb", 8, 0)), "MIG slices", "nvidia-smi -mig 0");
    assertRefused(List.of(device(1, "NVIDIA T4", 7, 0)), "7.5 or newer", "--gpu-engine nd4j");
  }

  @ParameterizedTest
  @CsvSource({
    "2, cannot use, lower --batch-size",
    "222, cannot use, install NVIDIA's driver",
    "209, cannot use, --gpu-engine nd4j",
    "100, cannot use, CUDA_VISIBLE_DEVICES",
    "1, cannot use, --device cpu",
    "719, has lost, Xid"
  })
  void everyFaultIsALineWithAFix(int code, String what, String fix) {
    assertThat(GpuFaults.line(PLACE, GPU, CudaFaults.of(code)))
        .startsWith(PLACE + " " + what + " GPU 1 (NVIDIA T4, compute capability 7.5) (cuStream")
        .contains("some reason (error " + code + ")", fix)
        .doesNotContain("\n");
  }

  /** Spark ends an executor whose task throws an error of the virtual machine. */
  @Test
  void aLostGpuEndsTheExecutorAndNotTheDriver() {
    assertThatExceptionOfType(GpuLostError.class)
        .isThrownBy(() -> GpuFaults.of(PLACE, GPU, CudaFaults.of(700)))
        .withMessageContaining("has lost GPU 1");
    assertThat(GpuFaults.of("the driver on here", GPU, CudaFaults.of(700)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("has lost GPU 1");
    assertThat(GpuFaults.of(PLACE, GPU, CudaFaults.of(2))).isInstanceOf(InputException.class);
  }
}
