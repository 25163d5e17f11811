package io.involution.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.involution.config.TrainConfig;
import io.involution.config.TrainConfig.NamedText;
import io.involution.config.TrainOptions;
import io.involution.config.hocon.Recipes;
import io.involution.data.DataSchema;
import io.involution.device.Gpu;
import io.involution.driver.input.Networks;
import io.involution.failure.InputException;
import io.involution.model.network.NetworkBlueprint;
import io.involution.spark.device.WorkerDevice;
import io.involution.train.time.EpochPlan;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

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

  static Stream<String> recipes() {
    return Recipes.NAMES.stream();
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void theKernelsTrainEveryNetworkByItsRecipe(String name) {
    NamedText recipe = new NamedText(name, Recipes.text(name).orElseThrow());
    TrainOptions options = TrainConfig.load(Map.of(), Optional.of(recipe));
    EpochPlan plan = new EpochPlan(50_000, 2, 256, 16);
    List<NetworkBlueprint> networks =
        Networks.of(options.model()).stream()
            .map(network -> Networks.blueprint(network, options, plan, DataSchema.CIFAR10))
            .toList();

    assertThatCode(() -> on("own").requireFor(networks, options)).doesNotThrowAnyException();
  }

  @Test
  void theTrainerOfDl4jSparkIsNamedBeforeTheRun() {
    TrainOptions options = TrainConfig.load(Map.of("trainer", "dl4j-spark"), Optional.empty());

    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> on("own").requireFor(List.of(), options))
        .withMessageStartingWith("--trainer dl4j-spark trains on the CPU")
        .withMessageEndingWith(": add --device cpu, or leave that option out");
    assertThatCode(() -> on("nd4j").requireFor(List.of(), options)).doesNotThrowAnyException();
  }
}
