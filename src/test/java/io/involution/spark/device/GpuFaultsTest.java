package io.involution.spark.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.involution.cuda.CudaEngine;
import io.involution.cuda.EmulatedCuda;
import io.involution.cuda.driver.CudaFault;
import io.involution.cuda.driver.CudaLibrary;
import io.involution.device.Device;
import io.involution.device.Gpu;
import io.involution.failure.InputException;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.network.NetworkKind;
import io.involution.model.network.NetworkOptions;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a driver, a device or its memory that does not do is called: a line with place and fix. */
class GpuFaultsTest {
  private static final String PLACE = "executor 3 on there";
  private static final String SHOWN = PLACE + " cannot use GPU 1 (CPU emulation, ";

  /** The emulation's second device. */
  private static final Gpu GPU =
      new Gpu(
          1, "GPU-656d756c-6174-6564-2d31-2e2e2e2e2e2e", "CPU emulation", "9.0", "550.1", "1 GiB");

  @BeforeEach
  void twoDevices() {
    EmulatedCuda.fresh();
    EmulatedCuda.set("DEVICES", 2);
  }

  @AfterEach
  void reset() {
    EmulatedCuda.reset();
  }

  private static void assertRefused(Supplier<CudaLibrary> library, String part) {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> OwnGpus.opened(GPU, library, PLACE))
        .satisfies(
            e -> assertThat(e.getMessage()).startsWith(SHOWN).contains(part).doesNotContain("\n"));
  }

  @Test
  void theDeviceIsFoundByItsUuid() {
    Device device = OwnGpus.opened(GPU, EmulatedCuda::library, PLACE);

    assertThat(device.position()).isEqualTo(1);
    assertThat(device.engine()).isEqualTo(Device.Engine.OWN);
  }

  @ParameterizedTest
  @CsvSource({
    "CAPABILITY, 7.0, --gpu-engine nd4j",
    "DRIVER, 10020, install NVIDIA's driver",
    "NAME, A100 MIG 1g.5gb, MIG slices",
    "INIT, 100, CUDA_VISIBLE_DEVICES",
    "DEVICES, 1, the driver shows the process GPU-656d756c-6174-6564-2d30-2e2e2e2e2e2e"
  })
  void whatIsFoundWhenItIsOpenedIsALine(String setting, String value, String part) {
    EmulatedCuda.set(setting, value);

    assertRefused(EmulatedCuda::library, part);
  }

  @Test
  void aHostWithoutNvidiasDriverIsToldSo() {
    assertRefused(() -> CudaLibrary.of("libcuda-of-nobody.so.1"), "install NVIDIA's driver there");
  }

  @Test
  void tooLittleMemoryIsALineWithTheFix() {
    EmulatedCuda.set("MEMORY", 1 << 20);
    NetworkKind kind = NetworkKind.CONVOLUTION;
    NetworkBlueprint blueprint =
        NetworkBlueprint.of(kind.label(), kind.configuration(new NetworkOptions(42, 0.001)));

    CudaFault fault =
        catchThrowableOfType(
            CudaFault.class, () -> new CudaEngine(blueprint, EmulatedCuda.library(), 1).close());

    assertThat(GpuFaults.of(PLACE, GPU, fault))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(SHOWN)
        .hasMessageContainingAll("needed ", " of 1.0 MiB", "lower --batch-size");
  }
}
