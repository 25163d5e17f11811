package io.involution.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.involution.model.network.NetworkBlueprint;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

class SoftmaxCrossEntropyTest {
  private static final IActivation SOFTMAX = new ActivationSoftmax();
  private final SoftmaxCrossEntropy loss = new SoftmaxCrossEntropy();

  /** A network's own class weights stay when an option smooths its labels, and the reverse. */
  @Test
  void takesFromAnotherWhatItHasNotItself() {
    SoftmaxCrossEntropy weighted = new SoftmaxCrossEntropy(new double[] {2, 1}, 0);
    SoftmaxCrossEntropy smoothed = new SoftmaxCrossEntropy(null, 0.1);

    for (SoftmaxCrossEntropy both : List.of(smoothed.over(weighted), weighted.over(smoothed))) {
      assertThat(both.classWeights()).containsExactly(2, 1);
      assertThat(both.labelSmoothing()).isEqualTo(0.1);
    }
    assertThat(smoothed.over(new SoftmaxCrossEntropy(null, 0.3)).labelSmoothing()).isEqualTo(0.1);
  }

  @Test
  void agreesWithDl4jsOwn() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    LossMCXENT stock = new LossMCXENT();
    for (char order : new char[] {'c', 'f'}) {
      INDArray labels = Nd4j.zeros(DataType.FLOAT, 33, 10);
      for (int i = 0; i < 33; i++) {
        labels.putScalar(i, random.nextInt(10), 1);
      }
      INDArray logits =
          Nd4j.createFromArray(BlockCases.values(random, 330))
              .castTo(DataType.FLOAT)
              .reshape('c', 33, 10)
              .dup(order);
      INDArray before = logits.dup();
      for (boolean average : new boolean[] {true, false}) {
        double expected = stock.computeScore(labels, logits, SOFTMAX, null, average);
        assertThat(loss.computeScore(labels, logits, SOFTMAX, null, average))
            .as("seed %d", seed)
            .isCloseTo(expected, within(1e-5 * expected));
      }
      assertThat(
              BlockCases.error(
                  BlockRun.doubles(loss.computeGradient(labels, logits, SOFTMAX, null)),
                  BlockRun.doubles(stock.computeGradient(labels, logits, SOFTMAX, null))))
          .as("seed %d", seed)
          .isLessThan(1e-6);
      assertThat(
              BlockCases.error(
                  BlockRun.doubles(loss.computeScoreArray(labels, logits, SOFTMAX, null)),
                  BlockRun.doubles(stock.computeScoreArray(labels, logits, SOFTMAX, null))))
          .as("seed %d", seed)
          .isLessThan(1e-6);
      assertThat(logits).isEqualTo(before);
    }
  }

  @Test
  void countsTheLastMinibatch() {
    INDArray labels = matrix(new double[][] {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}});
    INDArray logits = matrix(new double[][] {{5, 1, 1}, {5, 1, 1}, {0, 0, 0}});
    double mean = loss.computeScore(labels, logits, SOFTMAX, null, true);
    assertThat(loss.lastCorrect()).isEqualTo(1);
    double first = Math.log(1 + 2 * Math.exp(-4));
    assertThat(loss.lastLossSum()).isCloseTo(2 * first + 4 + Math.log(3), within(1e-12));
    assertThat(mean).isEqualTo(loss.lastLossSum() / 3);
  }

  @Test
  void weightsMultiplyTheLossAndItsGradient() {
    double[] weights = {0.25, 3, 1.5};
    SoftmaxCrossEntropy weighted = new SoftmaxCrossEntropy(weights, 0);
    LossMCXENT stock = new LossMCXENT(Nd4j.createFromArray(weights));
    INDArray labels = matrix(new double[][] {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {0, 1, 0}});
    Random random = new Random(3);
    INDArray logits = Nd4j.createFromArray(BlockCases.values(random, 12)).reshape('c', 4, 3);

    double mean = weighted.computeScore(labels, logits, SOFTMAX, null, true);
    double[] gradient = BlockRun.doubles(weighted.computeGradient(labels, logits, SOFTMAX, null));

    assertThat(mean)
        .isCloseTo(stock.computeScore(labels, logits, SOFTMAX, null, true), within(1e-9));
    assertThat(
            BlockCases.error(
                gradient, BlockRun.doubles(stock.computeGradient(labels, logits, SOFTMAX, null))))
        .isLessThan(1e-9);
    assertThat(weighted.computeScoreArray(labels, logits, SOFTMAX, null).sumNumber().doubleValue())
        .isCloseTo(4 * mean, within(1e-12));
    // By differences, of the sum over the examples.
    double step = 1e-6;
    for (int i = 0; i < gradient.length; i++) {
      INDArray up = logits.dup().putScalar(i, logits.getDouble(i) + step);
      INDArray down = logits.dup().putScalar(i, logits.getDouble(i) - step);
      double slope =
          (weighted.computeScore(labels, up, SOFTMAX, null, false)
                  - weighted.computeScore(labels, down, SOFTMAX, null, false))
              / (2 * step);
      assertThat(gradient[i]).isCloseTo(slope, within(1e-8));
    }
    // The reported loss is the one without weights.
    weighted.computeScore(labels, logits, SOFTMAX, null, true);
    loss.computeScore(labels, logits, SOFTMAX, null, true);
    assertThat(weighted.lastLossSum()).isEqualTo(loss.lastLossSum());
  }

  /** Against DL4J's own loss of labels that are smoothed beforehand. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void smoothingSpreadsAShareOfTheLabel(boolean byClass) {
    double share = 0.2;
    double[] weights = {0.25, 3, 1.5};
    SoftmaxCrossEntropy smoothed = new SoftmaxCrossEntropy(byClass ? weights : null, share);
    double[][] hard = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {0, 1, 0}};
    INDArray labels = matrix(hard);
    INDArray soft = labels.mul(1 - share).add(share / 3);
    INDArray logits = Nd4j.createFromArray(BlockCases.values(new Random(4), 12)).reshape('c', 4, 3);
    LossMCXENT stock = new LossMCXENT();
    double[] losses = BlockRun.doubles(stock.computeScoreArray(soft, logits.dup(), SOFTMAX, null));
    double[] gradients = BlockRun.doubles(stock.computeGradient(soft, logits.dup(), SOFTMAX, null));

    double sum = smoothed.computeScore(labels, logits, SOFTMAX, null, false);
    double[] found = BlockRun.doubles(smoothed.computeGradient(labels, logits, SOFTMAX, null));
    double[] each = BlockRun.doubles(smoothed.computeScoreArray(labels, logits, SOFTMAX, null));

    double expected = 0;
    for (int example = 0; example < 4; example++) {
      double weight = 0;
      for (int j = 0; j < 3; j++) {
        weight += byClass ? hard[example][j] * weights[j] : hard[example][j];
      }
      expected += weight * losses[example];
      assertThat(each[example]).isCloseTo(weight * losses[example], within(1e-9));
      for (int j = 0; j < 3; j++) {
        assertThat(found[3 * example + j])
            .isCloseTo(weight * gradients[3 * example + j], within(1e-9));
      }
    }
    assertThat(sum).isCloseTo(expected, within(1e-9));
    // The reported loss is the plain one, as that of the test set.
    loss.computeScore(labels, logits, SOFTMAX, null, true);
    assertThat(smoothed.lastLossSum()).isEqualTo(loss.lastLossSum());
    assertThat(smoothed.lastCorrect()).isEqualTo(loss.lastCorrect());
  }

  @Test
  void smoothingIsSavedWithTheConfiguration() {
    NetworkBlueprint plain = NetworkBlueprint.of("small", outputOnly());
    SoftmaxCrossEntropy loss = new SoftmaxCrossEntropy(null, 0.2);

    NetworkBlueprint smoothed = plain.with(loss);

    assertThat(SoftmaxCrossEntropy.of(smoothed.build()))
        .isEqualTo(loss)
        .isNotEqualTo(new SoftmaxCrossEntropy())
        .hasToString("SoftmaxCrossEntropy(label smoothing 0.2)");
    assertThat(plain.json()).doesNotContain("smoothing");
    for (double share : new double[] {-0.1, 1, Double.NaN}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new SoftmaxCrossEntropy(null, share))
          .withMessage("a label smoothing of " + share);
    }
  }

  @Test
  void weightsAreSavedWithTheConfiguration() {
    NetworkBlueprint plain = NetworkBlueprint.of("small", outputOnly());

    NetworkBlueprint weighted = plain.with(new SoftmaxCrossEntropy(new double[] {0.5, 2}, 0));

    assertThat(SoftmaxCrossEntropy.of(weighted.build()))
        .isEqualTo(new SoftmaxCrossEntropy(new double[] {0.5, 2}, 0))
        .isNotEqualTo(new SoftmaxCrossEntropy());
    assertThat(SoftmaxCrossEntropy.of(plain.build())).isEqualTo(new SoftmaxCrossEntropy());
    assertThat(plain.json()).doesNotContain("\"weights\"");
    assertThat(weighted.parameters()).isEqualTo(plain.parameters());
  }

  @Test
  void weightsThatAreNoneAreRefused() {
    for (double weight : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> new SoftmaxCrossEntropy(new double[] {1, weight}, 0))
          .hasMessage("a class weight of " + weight);
    }
    INDArray three = matrix(new double[][] {{1, 0, 0}});
    assertThatThrownBy(
            () ->
                new SoftmaxCrossEntropy(new double[] {1, 2}, 0)
                    .computeScore(three, three, SOFTMAX, null, true))
        .hasMessage("2 class weights for 3 classes");
  }

  @Test
  void extremeLogitsGiveFiniteValues() {
    INDArray labels = matrix(new double[][] {{0, 1}, {1, 0}}).castTo(DataType.FLOAT);
    double large = Float.MAX_VALUE;
    INDArray logits =
        matrix(new double[][] {{large, -large}, {1000, -1000}}).castTo(DataType.FLOAT);
    assertThat(loss.computeScore(labels, logits, SOFTMAX, null, false)).isFinite().isPositive();
    assertThat(BlockRun.doubles(loss.computeGradient(labels, logits, SOFTMAX, null)))
        .containsExactly(1, -1, 0, 0);
  }

  @Test
  void notANumberStaysOne() {
    INDArray labels = matrix(new double[][] {{1, 0}, {0, 1}});
    INDArray logits = matrix(new double[][] {{Double.NaN, 0}, {0, 1}});
    assertThat(loss.computeScore(labels, logits, SOFTMAX, null, true)).isNaN();
    assertThat(loss.lastCorrect()).isEqualTo(1);
    assertThat(loss.computeGradient(labels, logits, SOFTMAX, null).getDouble(0, 1)).isNaN();
  }

  @Test
  void otherUsesAreRefused() {
    INDArray two = matrix(new double[][] {{1, 0}});
    INDArray three = matrix(new double[][] {{1, 0, 0}});
    assertThatThrownBy(() -> loss.computeScore(two, three, SOFTMAX, null, true))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> loss.computeScore(two, two, new ActivationIdentity(), null, true))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static ComputationGraphConfiguration outputOnly() {
    return new NeuralNetConfiguration.Builder()
        .graphBuilder()
        .addInputs("input")
        .setInputTypes(InputType.feedForward(3))
        .addLayer("output", new SoftmaxOutput(2), "input")
        .setOutputs("output")
        .build();
  }

  private static INDArray matrix(double[][] rows) {
    return Nd4j.createFromArray(rows);
  }
}
