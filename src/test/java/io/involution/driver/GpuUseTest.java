package io.involution.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.involution.config.TrainConfig;
import io.involution.config.TrainOptions;
import io.involution.device.Gpu;
import io.involution.failure.InputException;
import io.involution.spark.device.WorkerDevice;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GpuUseTest {
  private static final Gpu GPU = new Gpu(0, "GPU-1", "A100", "8.0", "510.47", "40960 MiB");

  private static GpuUse on(String engine) {
    return on(engine, GPU);
  }

  private static GpuUse on(String engine, Gpu gpu) {
    return new GpuUse(List.of(new WorkerDevice(0, "1", "host", "gpu:0", engine, "0", gpu)));
  }

  /** Tensor cores are there from compute capability 8.0 on, and for the job's own kernels alone. */
  @Test
  void aPrecisionThatADeviceLacksIsNamedBeforeTheRun() {
    TrainOptions options = TrainConfig.load(Map.of("precision", "tf32"), Optional.empty());
    Gpu old = new Gpu(3, "GPU-1", "T4", "7.5", "510.47", "16384 MiB");
    GpuUse cpu = new GpuUse(List.of(new WorkerDevice(2, "1", "there", "cpu", "nd4j", null, null)));

    assertThatCode(() -> on("own").requireFor(List.of(), options)).doesNotThrowAnyException();
    assertThat(on("own").notices(options.cluster().precision()))
        .contains("computing on A100, engine own, precision tf32");
    Gpu unknown = new Gpu(3, "GPU-1", "T4", "[N/A]", "510.47", "16384 MiB");
    for (GpuUse lacking : List.of(on("own", old), on("own", unknown), on("nd4j"), cpu)) {
      assertThatExceptionOfType(InputException.class)
          .isThrownBy(() -> lacking.requireFor(List.of(), options))
          .withMessageStartingWith("--precision tf32 is for GPUs of compute capability 8.0")
          .withMessageContaining(
              lacking.equals(cpu)
                  ? "worker 2 on there computes on cpu"
                  : lacking.devices().get(0).compilesKernels()
                      ? "executor 1 on host has GPU 3 (T4, compute capability "
                      : "worker 0 on host computes on gpu nd4j")
          .withMessageEndingWith("or leave --precision out");
      TrainOptions usual = TrainConfig.load(Map.of(), Optional.empty());
      assertThatCode(() -> lacking.requireFor(List.of(), usual)).doesNotThrowAnyException();
    }
  }

  @ParameterizedTest
  @CsvSource({"device, cpu", "gpu-engine, nd4j"})
  void aPrecisionThatAnOptionExcludesIsRefusedWithIt(String name, String value) {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(
            () -> TrainConfig.load(Map.of("precision", "tf32", name, value), Optional.empty()))
        .withMessage(
            "--precision tf32 needs the job's own kernels on GPUs, and --%s is %s: leave one of the"
                + " two out",
            name, value);
  }

  @ParameterizedTest
  @CsvSource({
    "optimizer=muon, '--optimizer is muon, which the GPU kernels do not compute'",
    "optimizer=nesterovs, '--optimizer is nesterovs, which'",
    "weight-decay=0.1 weight-decay-kind=l2, '--weight-decay-kind is l2, which'",
    "label-smoothing=0.2, '--label-smoothing is 0.2, which'",
    "trainer=dl4j-spark, --trainer dl4j-spark trains on the CPU"
  })
  void whatTheKernelsCannotTrainIsNamedBeforeTheRun(String words, String line) {
    Map<String, Object> given =
        Stream.of(words.split(" ", -1))
            .map(word -> word.split("=", -1))
            .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    TrainOptions options = TrainConfig.load(given, Optional.empty());

    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> on("own").requireFor(List.of(), options))
        .withMessageStartingWith(line)
        .withMessageEndingWith(": add --device cpu, or leave that option out");
    assertThatCode(() -> on("nd4j").requireFor(List.of(), options)).doesNotThrowAnyException();
  }
}
