package io.involution.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.involution.failure.InputException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;

class ClassificationTest {
  private static final Row ROW = RowFactory.create(7);

  /** For rows whose images cannot be read, {@code skip} leaves them out. */
  private static final Classification SKIPPING =
      new Classification(
          null, null, 0, null, new Classification.Shown(true, true, true, true, null));

  @Test
  void whatIsNoNumberIsNotTheFirstClass() {
    Row classified = SKIPPING.with(ROW, new float[] {0.25f, 0.75f});

    assertThat(classified.getInt(0)).isEqualTo(7);
    assertThat(classified.getDouble(3)).isEqualTo(1);
    for (float number : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      assertThatExceptionOfType(InputException.class)
          .isThrownBy(() -> SKIPPING.with(ROW, new float[] {0, number}))
          .withMessage(
              "the model computes numbers that are NaN or infinite: use a model that did not"
                  + " diverge");
    }
  }
}
