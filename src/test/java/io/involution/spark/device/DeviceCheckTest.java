package io.involution.spark.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.involution.device.Gpu;
import io.involution.failure.InputException;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeviceCheckTest {
  @Test
  void twoExecutorsWithTheSameGpuAreRefused() {
    List<WorkerDevice> devices = List.of(on("1", "GPU-a"), on("2", "GPU-a"));
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> DeviceCheck.distinct(devices))
        .withMessageStartingWith("executors 1 and 2 on host have the same GPU GPU-a: ")
        .withMessageContaining("isolate GPUs");
  }

  @Test
  void waysOfTheirOwnAndTurnsOnOneExecutorAreFine() {
    List<WorkerDevice> devices =
        List.of(on("1", "GPU-a"), on("1", "GPU-a"), on("2", "GPU-b"), onCpu("3"), onCpu("4"));
    assertThat(DeviceCheck.distinct(devices)).isSameAs(devices);
  }

  private static WorkerDevice on(String executor, String uuid) {
    Gpu gpu = new Gpu(0, uuid, "A100", "8.0", "510.47", "40960 MiB");
    return new WorkerDevice(0, executor, "host", "gpu:0", "own", "0", gpu);
  }

  private static WorkerDevice onCpu(String executor) {
    return new WorkerDevice(0, executor, "host", "cpu", "nd4j", null, null);
  }
}
