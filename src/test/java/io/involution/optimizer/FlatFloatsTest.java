package io.involution.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class FlatFloatsTest {
  /** Parts of a network's vectors are views in the middle of them. */
  @Test
  void aPartOfAViewIsReadAndWrittenInPlace() {
    INDArray whole = Nd4j.createFromArray(0f, 1f, 2f, 3f, 4f, 5f, 6f, 7f);
    INDArray view = whole.get(NDArrayIndex.interval(2, 7)).reshape(1, 5);
    FlatFloats floats = new FlatFloats(view);

    assertThat(floats.get(1, 3)).containsExactly(3, 4, 5);
    floats.put(2, new float[] {-1, -2});

    assertThat(whole.toFloatVector()).containsExactly(0, 1, 2, 3, -1, -2, 6, 7);
  }

  @Test
  void otherNumbersAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new FlatFloats(Nd4j.createFromArray(1.0)))
        .withMessage("Muon computes in FLOAT, not DOUBLE");
  }
}
