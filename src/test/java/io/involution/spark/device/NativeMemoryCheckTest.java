package io.involution.spark.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.involution.config.InvolutionOptions;
import io.involution.data.DataSchema;
import io.involution.data.ImageShape;
import io.involution.device.NativeLimits;
import io.involution.failure.InputException;
import io.involution.model.LearningRate;
import io.involution.model.network.LocalRule;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.network.NetworkKind;
import io.involution.model.network.NetworkOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.aggregator.ArgumentsAccessor;
import org.junit.jupiter.params.provider.CsvSource;

class NativeMemoryCheckTest {
  private static final long MIB = 1 << 20;

  @ParameterizedTest
  @CsvSource({"100, 0, 0", "0, 0, 900", "0, 1000, 900", "100, 1000, 900", "4096, 8192, 500"})
  void whatIsEnoughIsAllowed(long most, long mostOfProcess, long taken) {
    NativeLimits limits = new NativeLimits(most * MIB, mostOfProcess * MIB, taken * MIB);
    assertThatCode(() -> NativeMemoryCheck.require(limits, 2, 50 * MIB, "1"))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "99, 0, 0, 1, executor 1, maxbytes=99m, spark.executor.extraJavaOptions",
    "100, 999, 900, 1, executor 1, maxphysicalbytes=999m, spark.executor.extraJavaOptions",
    "99, 0, 0, driver, the driver, maxbytes=99m, spark.driver.extraJavaOptions"
  })
  void whatIsTooLittleIsNamedWithTheFix(ArgumentsAccessor row) {
    NativeLimits limits =
        new NativeLimits(row.getLong(0) * MIB, row.getLong(1) * MIB, row.getLong(2) * MIB);
    assertThatThrownBy(() -> NativeMemoryCheck.require(limits, 2, 50 * MIB, row.getString(3)))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(
            row.getString(4) + " needs at least 100 MiB of memory outside the heap")
        .hasMessageContainingAll("2 tasks at a time", row.getString(5), row.getString(6));
  }

  @Test
  void aMinibatchOfTooLongArraysIsRefusedInALine() {
    ImageShape image = new ImageShape(3, 256, 256);
    NetworkOptions options =
        new NetworkOptions(
            1,
            LocalRule.adam(LearningRate.constant(0.001), 0),
            InvolutionOptions.REFERENCE,
            new DataSchema(image, DataSchema.CIFAR10.classes()));
    NetworkBlueprint resnet =
        NetworkBlueprint.of("resnet", NetworkKind.RESNET.configuration(options));

    assertThatCode(() -> NativeMemoryCheck.requireMinibatch(resnet, image, 127))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> NativeMemoryCheck.requireMinibatch(resnet, image, 128))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "the resnet network takes at most 127 images of 256x256 at a time on the CPU, not 128:"
                + " use a smaller --batch-size (or --batch-size-per-worker), or more --workers");
  }

  @Test
  void someExecutorHasAtLeastItsShareOfTheTasks() {
    assertThat(NativeMemoryCheck.tasksOfAnExecutor(2, 2)).isEqualTo(1);
    assertThat(NativeMemoryCheck.tasksOfAnExecutor(3, 2)).isEqualTo(2);
    assertThat(NativeMemoryCheck.tasksOfAnExecutor(0, 2)).isEqualTo(1);
  }

  @Test
  void thisJvmHasLimits() {
    NativeLimits here = NativeLimits.here();
    assertThat(here.most()).isPositive();
    assertThat(here.takenOtherwise()).isPositive();
    assertThat(here.tooLow(1)).isEmpty();
  }
}
