package io.involution.model.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.involution.model.SmallNetwork;
import io.involution.model.network.NetworkBlueprint;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.ActivationLayer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;

class GraphStateTest {
  private static final int PARAMETERS = 30_730;

  private static float[] random(int length, long seed) {
    Random random = new Random(seed);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    values[0] = -0f;
    values[1] = Float.MIN_VALUE;
    return values;
  }

  @Test
  void restoredStateIsCapturedToTheBit() {
    try (Closing network = new Closing(SmallNetwork.linear(new Adam(0.001)))) {
      ModelState state = ModelState.of(17, random(PARAMETERS, 1), random(2 * PARAMETERS, 2));

      GraphState.restore(network.graph, state);
      ModelState captured = GraphState.capture(network.graph);

      assertThat(captured.steps()).isEqualTo(17);
      assertThat(network.graph.getConfiguration().getIterationCount()).isEqualTo(17);
      assertThat(ModelStateFormat.write(captured)).isEqualTo(ModelStateFormat.write(state));
      assertThat(network.graph.params().toFloatVector()).isEqualTo(state.parameters());
      // The flat vector and the layers' arrays are the same memory: weights first, then biases.
      assertThat(network.graph.getLayer("output").getParam("b").toFloatVector())
          .isEqualTo(java.util.Arrays.copyOfRange(state.parameters(), 30_720, 30_730));
    }
  }

  @Test
  void updaterWithoutStateHasAnEmptySection() {
    try (Closing network = new Closing(SmallNetwork.linear(new Sgd(0.1)))) {
      ModelState captured = GraphState.capture(network.graph);

      assertThat(captured.updater()).isEmpty();
      assertThat(captured.parameters()).hasSize(PARAMETERS);
      GraphState.restore(network.graph, captured);
    }
  }

  @Test
  void emptyUpdaterStateIsAFreshUpdaterThatKeepsTheStepCount() {
    try (Closing network = new Closing(SmallNetwork.linear(new Adam(0.001)))) {
      GraphState.restore(
          network.graph, ModelState.of(5, random(PARAMETERS, 1), random(2 * PARAMETERS, 2)));

      GraphState.restore(network.graph, ModelState.of(17, random(PARAMETERS, 1), new float[0]));

      ModelState captured = GraphState.capture(network.graph);
      assertThat(captured.steps()).isEqualTo(17);
      assertThat(captured.updater()).hasSize(2 * PARAMETERS).containsOnly(0);
      // By which Adam corrects its moments.
      assertThat(network.graph.getConfiguration().getIterationCount()).isZero();
    }
  }

  @Test
  void wrongLengthIsRefused() {
    try (Closing network = new Closing(SmallNetwork.linear(new Adam(0.001)))) {
      ModelState before = GraphState.capture(network.graph);
      for (ModelState wrong :
          new ModelState[] {
            ModelState.of(1, new float[PARAMETERS - 1], new float[2 * PARAMETERS]),
            ModelState.of(1, new float[PARAMETERS], new float[2 * PARAMETERS + 1])
          }) {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> GraphState.restore(network.graph, wrong))
            .withMessageContaining("entries for a network of");
      }
      assertThat(GraphState.capture(network.graph).steps()).isEqualTo(before.steps());
    }
  }

  /** Ours keep scratch memory outside the heap, which the collector may find late. */
  @Test
  void theLayersAreClosedWithTheirNetwork() {
    ComputationGraph graph = SmallNetwork.convolution(new Sgd(0.1)).build();
    AtomicInteger closed = new AtomicInteger();
    Layer[] layers = graph.getLayers();
    for (int i = 0; i < layers.length; i++) {
      layers[i].close();
      layers[i] = new CountingLayer(layers[i].conf(), closed);
    }

    GraphState.close(graph);

    assertThat(closed).hasValue(2);
  }

  /** Counts how many of its kind were closed. */
  private static final class CountingLayer extends ActivationLayer {
    private static final long serialVersionUID = 1L;

    private final AtomicInteger closed;

    CountingLayer(NeuralNetConfiguration conf, AtomicInteger closed) {
      super(conf, DataType.FLOAT);
      this.closed = closed;
    }

    @Override
    public void close() {
      closed.incrementAndGet();
    }
  }

  /** A network that is closed at the end; closing DL4J's may throw anything. */
  private static final class Closing implements AutoCloseable {
    private final ComputationGraph graph;

    private Closing(NetworkBlueprint blueprint) {
      graph = blueprint.build();
    }

    @Override
    public void close() {
      GraphState.close(graph);
    }
  }
}
