package io.involution.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.involution.compute.ImageChunks;
import io.involution.model.FloatBits;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.eigen.Eigen;
import org.nd4j.linalg.factory.Nd4j;

class OrthogonalizationTest {
  @AfterEach
  void oneThread() {
    ImageChunks.useThreads(1);
  }

  private static float[] random(MatrixShape shape, long seed) {
    Random random = new Random(seed);
    float[] values = new float[shape.length()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (3e-4 * random.nextGaussian());
    }
    return values;
  }

  private static double[][] exact(MatrixShape shape, float[] values) {
    double[] entries = new double[values.length];
    for (int i = 0; i < entries.length; i++) {
      entries[i] = values[i];
    }
    return PlainMuon.matrix(entries, shape.rows());
  }

  /** Wide, tall and square, around the size of a band, and vectors. */
  @ParameterizedTest
  @CsvSource({"5, 12", "12, 5", "33, 33", "70, 41", "41, 70", "1, 9", "9, 1", "1, 1"})
  void agreesWithPlainLoopsInFloat64(int rows, int columns) {
    MatrixShape shape = new MatrixShape(rows, columns);
    float[] values = random(shape, rows + 100L * columns);
    double[][] expected = PlainMuon.orthogonal(exact(shape, values));
    float[] device = values.clone();

    Orthogonalization.onThisDevice().apply(shape, values);
    new DeviceProducts().apply(shape, device);

    for (int i = 0; i < values.length; i++) {
      double entry = expected[i / columns][i % columns];
      assertThat((double) values[i]).as("entry %d", i).isCloseTo(entry, within(1e-4));
      assertThat((double) device[i]).as("entry %d", i).isCloseTo(entry, within(1e-4));
    }
  }

  /**
   * The singular values of the result, of a matrix whose own are from 1 to 100: the square roots of
   * the eigenvalues of X X', between which its quadratic forms lie.
   */
  @ParameterizedTest
  @CsvSource({"16, 40", "40, 16", "24, 30"})
  void singularValuesComeNearOne(int rows, int columns) {
    MatrixShape shape = new MatrixShape(rows, columns);
    float[] values = random(shape, 5);
    for (int i = 0; i < values.length; i++) {
      int row = i / columns;
      values[i] *= (float) Math.pow(100, (double) row / rows);
    }

    Orthogonalization.onThisDevice().apply(shape, values);

    double[][] x = exact(shape, values);
    double[][] wide = rows > columns ? PlainMuon.transposed(x) : x;
    double[][] gram = PlainMuon.product(wide, PlainMuon.transposed(wide));
    INDArray eigenvalues = Eigen.symmetricGeneralizedEigenvalues(Nd4j.createFromArray(gram));
    assertThat(Math.sqrt(eigenvalues.minNumber().doubleValue())).isGreaterThan(0.65);
    assertThat(Math.sqrt(eigenvalues.maxNumber().doubleValue())).isLessThan(1.25);
  }

  @ParameterizedTest
  @CsvSource({"130, 300", "300, 130"})
  void bitsDoNotDependOnThreads(int rows, int columns) {
    MatrixShape shape = new MatrixShape(rows, columns);
    float[] one = random(shape, 8);
    float[] several = one.clone();

    Orthogonalization.onThisDevice().apply(shape, one);
    ImageChunks.useThreads(5);
    Orthogonalization.onThisDevice().apply(shape, several);

    assertThat(FloatBits.bits(several)).isEqualTo(FloatBits.bits(one));
  }

  /** The memory of a large matrix serves a small one, which gets nothing of it. */
  @Test
  void sizesMayChange() {
    Orthogonalization kept = Orthogonalization.onThisDevice();
    float[] large = random(new MatrixShape(20, 30), 1);
    kept.apply(new MatrixShape(20, 30), large);
    MatrixShape small = new MatrixShape(7, 3);
    float[] again = random(small, 2);
    float[] alone = again.clone();

    kept.apply(small, again);
    Orthogonalization.onThisDevice().apply(small, alone);

    assertThat(FloatBits.bits(again)).isEqualTo(FloatBits.bits(alone));
  }

  @Test
  void nothingComesOfNothingAndNaNStays() {
    MatrixShape shape = new MatrixShape(3, 4);
    float[] zeros = new float[12];
    Orthogonalization.onThisDevice().apply(shape, zeros);
    assertThat(zeros).containsOnly(0f);

    float[] broken = random(shape, 3);
    broken[5] = Float.NaN;
    Orthogonalization.onThisDevice().apply(shape, broken);
    assertThat(broken).containsOnly(Float.NaN);
  }

  @Test
  void filtersAndDenseWeightsAreMatricesWithARowPerOutput() {
    assertThat(MatrixShape.of(Nd4j.zeros(6, 4, 3, 3))).isEqualTo(new MatrixShape(6, 36));
    assertThat(MatrixShape.of(Nd4j.zeros(5, 7).dup('f'))).isEqualTo(new MatrixShape(7, 5));
    assertThat(MatrixShape.of(Nd4j.zeros(5, 7).dup('c'))).isEqualTo(new MatrixShape(5, 7));
    assertThat(new MatrixShape(9, 4).scale()).isEqualTo(1.5);
    assertThat(new MatrixShape(4, 9).scale()).isEqualTo(1);
    assertThatIllegalArgumentException().isThrownBy(() -> new MatrixShape(0, 1));
  }
}
