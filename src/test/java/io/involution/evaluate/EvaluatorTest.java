package io.involution.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import io.involution.data.Shard;
import io.involution.data.ShardFixture;
import io.involution.model.Minibatch;
import io.involution.model.SmallNetwork;
import io.involution.model.state.GraphState;
import io.involution.model.state.ModelState;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.learning.config.Sgd;

class EvaluatorTest {
  private static final Shard SHARD = ShardFixture.random(23, 6);
  private static ComputationGraph graph;

  @BeforeAll
  static void build() {
    graph = SmallNetwork.linear(new Sgd(0.1)).build();
  }

  @AfterAll
  static void close() {
    GraphState.close(graph);
  }

  /** Logits of the linear network, W [3072, 10] in f order and then b, in float64. */
  private static double[] logits(float[] parameters, int example) {
    double[] logits = new double[10];
    for (int label = 0; label < 10; label++) {
      double sum = parameters[30_720 + label];
      for (int pixel = 0; pixel < 3072; pixel++) {
        double value = Byte.toUnsignedInt(SHARD.pixels()[example * 3072 + pixel]) / 255.0;
        sum += value * parameters[label * 3072 + pixel];
      }
      logits[label] = sum;
    }
    return logits;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 22, 23, 1_000})
  void agreesWithANaiveLoop(int batchSize) {
    float[] parameters = graph.params().toFloatVector();
    long[][] confusion = new long[10][10];
    double lossSum = 0;
    for (int example = 0; example < SHARD.size(); example++) {
      double[] logits = logits(parameters, example);
      double sum = 0;
      int best = 0;
      for (int label = 0; label < 10; label++) {
        sum += Math.exp(logits[label]);
        best = logits[label] > logits[best] ? label : best;
      }
      confusion[SHARD.label(example)][best]++;
      lossSum += Math.log(sum) - logits[SHARD.label(example)];
    }

    Evaluation evaluation;
    try (Minibatch minibatch = new Minibatch()) {
      evaluation = Evaluator.evaluate(graph, minibatch, SHARD, batchSize);
    }

    assertThat(counts(evaluation)).isEqualTo(counts(new Evaluation(0, confusion)));
    assertThat(evaluation.lossSum()).isCloseTo(lossSum, offset(1e-4));
    assertThat(evaluation.examples()).isEqualTo(23);
  }

  @Test
  void shardWithoutExamplesGivesNothing() {
    try (Minibatch minibatch = new Minibatch()) {
      Evaluation evaluation = Evaluator.evaluate(graph, minibatch, ShardFixture.random(0, 1), 256);
      assertThat(evaluation.examples()).isZero();
      assertThat(evaluation.lossSum()).isZero();
    }
  }

  @Test
  void probabilityOfZeroCostsAsMuchAsOneTenMillionth() {
    ModelState before = GraphState.capture(graph);
    float[] parameters = new float[30_730];
    parameters[30_720 + 3] = 1_000;
    GraphState.restore(graph, before.with(ModelState.PARAMETERS, parameters));
    Shard one = ShardFixture.of(new byte[2 * 3072], new short[] {4, 3});

    try (Minibatch minibatch = new Minibatch()) {
      Evaluation evaluation = Evaluator.evaluate(graph, minibatch, one, 10);
      assertThat(evaluation.lossSum()).isCloseTo(7 * Math.log(10), offset(1e-9));
      assertThat(evaluation.correct()).isEqualTo(1);
    } finally {
      GraphState.restore(graph, before);
    }
  }

  @Test
  void amongTheTopFiveAreTheFirstOfEquals() {
    float[] equal = new float[12];
    for (int label = 0; label < 12; label++) {
      assertThat(Evaluator.isAmongTopFive(equal, label)).as("label %d", label).isEqualTo(label < 5);
    }
    float[] rising = new float[12];
    for (int label = 0; label < 12; label++) {
      rising[label] = label;
    }
    for (int label = 0; label < 12; label++) {
      assertThat(Evaluator.isAmongTopFive(rising, label))
          .as("label %d", label)
          .isEqualTo(label > 6);
    }
    rising[11] = Float.NaN;
    assertThat(Evaluator.isAmongTopFive(rising, 11)).isFalse();
    assertThat(Evaluator.isAmongTopFive(rising, 6)).isTrue();
  }

  @Test
  void topFiveIsCountedOverAllPartsWithMoreThanTenClasses() {
    ConfusionCounts first = new ConfusionCounts(11);
    first.add(3, 4, 2);
    ConfusionCounts second = new ConfusionCounts(11);
    second.add(10, 10, 6);

    Evaluation sum =
        Evaluation.sum(
            List.of(
                new Evaluation(1, first, List.of(), 1), new Evaluation(1, second, List.of(), 6)));

    assertThat(sum.topFiveAccuracy()).isEqualTo(7 / 8.0);
    assertThat(new Evaluation(1, new long[10][10]).topFiveAccuracy()).isNull();
    try (Minibatch minibatch = new Minibatch()) {
      assertThat(Evaluator.evaluate(graph, minibatch, SHARD, 256).topFiveAccuracy()).isNull();
    }
  }

  @Test
  void argMaxIsTheFirstOfTheLargest() {
    float nan = Float.NaN;
    assertThat(Evaluator.argMax(new float[] {1, 3, 2})).isEqualTo(1);
    assertThat(Evaluator.argMax(new float[] {2, 3, 3})).isEqualTo(1);
    assertThat(Evaluator.argMax(new float[] {0, 0, 0})).isZero();
    assertThat(Evaluator.argMax(new float[] {-2, -1})).isEqualTo(1);
    assertThat(Evaluator.argMax(new float[] {-0f, 0f})).isZero();
    assertThat(Evaluator.argMax(new float[] {nan, -5, -6})).isEqualTo(1);
    assertThat(Evaluator.argMax(new float[] {-5, nan, -4})).isEqualTo(2);
    assertThat(Evaluator.argMax(new float[] {-5, nan, -6})).isZero();
    assertThat(Evaluator.argMax(new float[] {Float.NEGATIVE_INFINITY, nan})).isZero();
    assertThat(Evaluator.argMax(new float[] {nan, nan, nan})).isZero();
    assertThat(Evaluator.argMax(new float[] {nan, nan, -1, nan})).isEqualTo(2);
  }

  @Test
  void partsAddUp() {
    long[][] first = new long[10][10];
    first[1][1] = 3;
    first[1][2] = 1;
    long[][] second = new long[10][10];
    second[1][1] = 2;
    second[9][0] = 4;

    Evaluation sum =
        Evaluation.sum(List.of(new Evaluation(1.5, first), new Evaluation(2.5, second)));

    assertThat(sum.examples()).isEqualTo(10);
    assertThat(sum.correct()).isEqualTo(5);
    assertThat(sum.accuracy()).isEqualTo(0.5);
    assertThat(sum.lossSum()).isEqualTo(4);
    assertThat(sum.loss()).isEqualTo(0.4);
    assertThat(counts(sum).get(1)).startsWith(0L, 5L, 1L);
    assertThat(counts(sum).get(9).get(0)).isEqualTo(4);
    assertThat(first[1][1]).as("the parts stay as they are").isEqualTo(3);
  }

  /** Losses are added in the order of the workers: another order has other last bits. */
  @Test
  void lossesAreAddedInOrder() {
    Evaluation large = new Evaluation(0x1p53, new long[10][10]);
    Evaluation one = new Evaluation(1, new long[10][10]);
    Evaluation negative = new Evaluation(-0x1p53, new long[10][10]);

    assertThat(Evaluation.sum(List.of(large, one, negative)).lossSum()).isEqualTo(0);
    assertThat(Evaluation.sum(List.of(large, negative, one)).lossSum()).isEqualTo(1);
  }

  @Test
  void nothingHasNoAccuracy() {
    assertThat(Evaluation.sum(List.of()).accuracy()).isNaN();
    assertThat(Evaluation.sum(List.of()).loss()).isNaN();
  }

  private static List<List<Long>> counts(Evaluation evaluation) {
    return evaluation.confusion(null, List.of()).counts();
  }
}
