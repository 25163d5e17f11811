package io.involution.layers.array;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;

class NativeRealsTest {
  @ParameterizedTest
  @CsvSource({"FLOAT, 536870912, '536,870,912'", "DOUBLE, 268435456, '268,435,456'"})
  void whatABufferDoesNotReachIsRefusedBeforeItIsTaken(DataType type, long length, String shown) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NativeReals.allocate(type, length))
        .withMessage(
            "an array of %s elements of %s has 2 GiB or more, too much for a layer on the CPU:"
                + " use a smaller batch size",
            shown, type);
  }
}
