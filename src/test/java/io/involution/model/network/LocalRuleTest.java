package io.involution.model.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import io.involution.config.InvolutionOptions;
import io.involution.config.training.OptimizerChoice;
import io.involution.config.training.OptimizerOptions;
import io.involution.config.training.WeightDecayChoice;
import io.involution.data.DataSchema;
import io.involution.data.ImageShape;
import io.involution.layers.BatchNormBlock;
import io.involution.layers.ConvolutionBlock;
import io.involution.model.LearningRate;
import io.involution.model.state.GraphState;
import io.involution.model.state.ParameterBlock;
import io.involution.model.state.ParameterLayout;
import io.involution.optimizer.PlainMuon;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.updater.graph.ComputationGraphUpdater;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.regularization.WeightDecay;

/** Steps of every optimizer against formulas in float64, on gradients of random numbers. */
class LocalRuleTest {
  private static final int STEPS = 4;
  private static final LearningRate RATE = new LearningRate(0.05, 2, 0, 6, 0.25, 0.1);
  private static final LearningRate OTHERS = new LearningRate(0.003, 2, 0, 6, 0.25, 0.1);
  private static final DataSchema SCHEMA =
      new DataSchema(new ImageShape(3, 8, 8), List.of("a", "b", "c"));

  /** The weights between the first and the last layer, by network. */
  private static final Set<String> MATRICES =
      Set.of(
          "conv2 W",
          "conv3 W",
          "dense W",
          "involution2 reduceW",
          "involution2 spanW",
          "involution3 reduceW",
          "involution3 spanW");

  private static final Set<String> WEIGHTS = Set.of("W", "reduceW", "spanW");

  private static NetworkBlueprint network(NetworkKind kind, LocalRule rule) {
    return NetworkBlueprint.of(
        kind.label(),
        kind.configuration(new NetworkOptions(3, rule, InvolutionOptions.REFERENCE, SCHEMA)));
  }

  private static LocalRule rule(OptimizerChoice choice, double decay, WeightDecayChoice kind) {
    Optional<Double> momentum =
        choice == OptimizerChoice.ADAM ? Optional.empty() : Optional.of(0.6);
    return new LocalRule(
        new OptimizerOptions(choice, momentum, Optional.empty(), decay, kind), RATE, OTHERS);
  }

  @ParameterizedTest
  @CsvSource({
    "CONVOLUTION, ADAM, 0, DECOUPLED",
    "CONVOLUTION, ADAM, 0.3, L2",
    "CONVOLUTION, NESTEROVS, 0, DECOUPLED",
    "CONVOLUTION, NESTEROVS, 0.3, DECOUPLED",
    "CONVOLUTION, NESTEROVS, 0.3, L2",
    "CONVOLUTION, MUON, 0, DECOUPLED",
    "CONVOLUTION, MUON, 0.3, DECOUPLED",
    "CONVOLUTION, MUON, 0.3, L2",
    "INVOLUTION, NESTEROVS, 0.3, DECOUPLED",
    "INVOLUTION, MUON, 0.3, DECOUPLED"
  })
  void stepsAreThoseOfTheFormulas(
      NetworkKind kind, OptimizerChoice choice, double decay, WeightDecayChoice decayKind) {
    LocalRule rule = rule(choice, decay, decayKind);
    ComputationGraph graph = network(kind, rule).build();
    List<ParameterBlock> blocks = ParameterLayout.of(graph).blocks();
    double[] expected = graph.params().toDoubleVector();
    Plain plain = new Plain(rule, expected.length);
    Random random = new Random(11);
    for (int step = 0; step < STEPS; step++) {
      float[] gradients = new float[expected.length];
      for (int i = 0; i < gradients.length; i++) {
        gradients[i] = (float) (0.1 * random.nextGaussian());
      }
      step(graph, gradients, step);
      for (ParameterBlock block : blocks) {
        if (block.trainable()) {
          plain.step(block, gradients, expected, step);
        }
      }
    }

    float[] found = graph.params().toFloatVector();
    for (ParameterBlock block : blocks) {
      for (int i = block.offset(); block.trainable() && i < block.end(); i++) {
        assertThat((double) found[i])
            .as("%s %s, entry %d", block.layer(), block.name(), i - block.offset())
            .isCloseTo(expected[i], within(2e-5));
      }
    }
    GraphState.close(graph);
  }

  private static void step(ComputationGraph graph, float[] gradients, int step) {
    INDArray view = graph.getUpdater().getFlattenedGradientsView();
    view.assign(Nd4j.createFromArray(gradients).reshape(view.shape()));
    graph
        .getUpdater()
        .update(new DefaultGradient(view), step, 0, 1, LayerWorkspaceMgr.noWorkspaces());
    graph.params().subi(view.reshape(view.length()));
  }

  /** The formulas, entry by entry; of Muon, matrix by matrix. */
  private static final class Plain {
    private final LocalRule rule;
    private final double[] first;
    private final double[] second;

    Plain(LocalRule rule, int length) {
      this.rule = rule;
      first = new double[length];
      second = new double[length];
    }

    void step(ParameterBlock block, float[] gradients, double[] theta, int step) {
      boolean muon = rule.options().choice() == OptimizerChoice.MUON;
      boolean matrix = muon && MATRICES.contains(block.layer() + " " + block.name());
      double rate = (muon && !matrix ? rule.others() : rule.rate()).at(step);
      double decay = WEIGHTS.contains(block.name()) ? rule.options().weightDecay() : 0;
      boolean coupled = rule.options().weightDecayKind() == WeightDecayChoice.L2;
      double[] gradient = new double[block.length()];
      for (int i = 0; i < gradient.length; i++) {
        double own = theta[block.offset() + i];
        gradient[i] = gradients[block.offset() + i] + (coupled ? decay * own : 0);
      }
      double[] change =
          matrix
              ? orthogonal(block, gradient)
              : muon || rule.options().choice() == OptimizerChoice.ADAM
                  ? adam(block, gradient, step)
                  : nesterov(block, gradient, rate);
      boolean scaled = rule.options().choice() == OptimizerChoice.NESTEROVS;
      for (int i = 0; i < change.length; i++) {
        double own = theta[block.offset() + i];
        theta[block.offset() + i] -=
            (scaled ? 1 : rate) * change[i] + (coupled ? 0 : rate * decay * own);
      }
    }

    private double[] adam(ParameterBlock block, double[] gradient, int step) {
      double[] change = new double[gradient.length];
      for (int i = 0; i < change.length; i++) {
        int at = block.offset() + i;
        first[at] = 0.9 * first[at] + 0.1 * gradient[i];
        second[at] = 0.999 * second[at] + 0.001 * gradient[i] * gradient[i];
        double unbiased = Math.sqrt(1 - Math.pow(0.999, step + 1)) / (1 - Math.pow(0.9, step + 1));
        change[i] = unbiased * first[at] / (Math.sqrt(second[at]) + 1e-7);
      }
      return change;
    }

    /** Velocity v' = mu v - g G; the parameters move by mu v' - g G. */
    private double[] nesterov(ParameterBlock block, double[] gradient, double rate) {
      double momentum = rule.options().momentum().orElseThrow();
      double[] change = new double[gradient.length];
      for (int i = 0; i < change.length; i++) {
        int at = block.offset() + i;
        first[at] = momentum * first[at] - rate * gradient[i];
        change[i] = rate * gradient[i] - momentum * first[at];
      }
      return change;
    }

    private double[] orthogonal(ParameterBlock block, double[] gradient) {
      double momentum = rule.options().momentum().orElseThrow();
      double[] direction = new double[gradient.length];
      for (int i = 0; i < direction.length; i++) {
        int at = block.offset() + i;
        first[at] = momentum * first[at] + gradient[i];
        direction[i] = gradient[i] + momentum * first[at];
      }
      // Dense weights [in, out] are in column order: a row per output.
      boolean dense = block.layer().equals("dense");
      int rows = block.shape().get(dense ? 1 : 0).intValue();
      int columns = gradient.length / rows;
      double[][] result = PlainMuon.orthogonal(PlainMuon.matrix(direction, rows));
      for (int i = 0; i < direction.length; i++) {
        double scale = rows > columns ? Math.sqrt((double) rows / columns) : 1;
        direction[i] = scale * result[i / columns][i % columns];
      }
      return direction;
    }
  }

  /** What is saved with a network, and read again. */
  @ParameterizedTest
  @EnumSource(OptimizerChoice.class)
  void theRuleTravelsWithTheConfiguration(OptimizerChoice choice) {
    NetworkBlueprint blueprint =
        network(NetworkKind.INVOLUTION, rule(choice, 0.3, WeightDecayChoice.DECOUPLED));
    ComputationGraph graph = blueprint.build();

    assertThat(ComputationGraphConfiguration.fromJson(blueprint.json()).toJson())
        .isEqualTo(blueprint.json());
    assertThat(GraphState.capture(graph).updater()).isNotEmpty().containsOnly(0f);
    assertThat(blueprint.json().contains("io.involution.optimizer.Muon"))
        .isEqualTo(choice == OptimizerChoice.MUON);
    GraphState.close(graph);
  }

  @Test
  void usersLayersGetAnUpdaterWhateverTheyHad() {
    LocalRule rule = rule(OptimizerChoice.NESTEROVS, 0, WeightDecayChoice.DECOUPLED);
    var network = ConvolutionNetwork.configuration(new NetworkOptions(1, 0.001));

    rule.updaters(network);

    ComputationGraph graph = NetworkBlueprint.of("n", network).build();
    assertThat(graph.getLayer("dense").conf().getLayer())
        .extracting(layer -> ((org.deeplearning4j.nn.conf.layers.BaseLayer) layer).getIUpdater())
        .isEqualTo(Nesterovs.builder().learningRateSchedule(RATE).momentum(0.6).build());
    GraphState.close(graph);
  }

  @Test
  void normsDoNotDecay() {
    LocalRule rule = rule(OptimizerChoice.MUON, 0.3, WeightDecayChoice.DECOUPLED);
    BatchNormBlock norm = new BatchNormBlock.Builder().nIn(3).nOut(3).build();
    ConvolutionBlock convolution = new ConvolutionBlock.Builder().nIn(3).nOut(3).build();

    rule.decay(norm, List.of());
    rule.decay(convolution, List.of());

    assertThat(norm.getRegularizationByParam("gamma")).isNullOrEmpty();
    assertThat(convolution.getRegularizationByParam("W"))
        .containsExactly(new WeightDecay(0.3, true));
    assertThat(convolution.getRegularizationByParam("b")).isNullOrEmpty();
  }

  @Test
  void dl4jsOwnUpdaterDoesNotKnowTheMatrices() {
    LocalRule rule = rule(OptimizerChoice.MUON, 0, WeightDecayChoice.DECOUPLED);
    ComputationGraph graph = network(NetworkKind.CONVOLUTION, rule).build();
    graph.setUpdater(new ComputationGraphUpdater(graph));

    assertThatIllegalStateException()
        .isThrownBy(() -> step(graph, new float[(int) graph.numParams()], 0))
        .withMessageContaining("train the network with this job");
    GraphState.close(graph);
  }
}
