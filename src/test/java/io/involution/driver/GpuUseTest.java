package io.involution.driver;

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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GpuUseTest {
  private static final Gpu GPU = new Gpu(0, "GPU-1", "A100", "8.0", "510.47", "40960 MiB");

  private static GpuUse on(String engine) {
    return new GpuUse(List.of(new WorkerDevice(0, "1", "host", "gpu:0", engine, "0", GPU)));
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
