package io.involution.spark.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.involution.device.NativeLimits;
import io.involution.failure.InputException;
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
