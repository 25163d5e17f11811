package io.involution.model;

import java.nio.FloatBuffer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Moves a {@link ModelState} into a DL4J network and out of it. */
public final class GraphState {
  private GraphState() {}

  /** Copies a network's parameters, updater state and step count. */
  public static ModelState capture(ComputationGraph graph) {
    return ModelState.of(
        graph.getConfiguration().getIterationCount(),
        toArray(graph.params()),
        toArray(updaterState(graph)));
  }

  /**
   * Overwrites a network's parameters, updater state and step count.
   *
   * @throws IllegalArgumentException when the state is of another network
   */
  public static void restore(ComputationGraph graph, ModelState state) {
    overwrite(graph.params(), state.parameters(), "parameters");
    overwrite(updaterState(graph), state.updater(), "updater state");
    graph.getConfiguration().setIterationCount(Math.toIntExact(state.steps()));
  }

  /** The updater's state, null for updaters that have none. */
  private static INDArray updaterState(ComputationGraph graph) {
    return graph.getUpdater(true).getStateViewArray();
  }

  private static float[] toArray(INDArray array) {
    if (array == null) {
      return new float[0];
    }
    float[] values = new float[Math.toIntExact(array.length())];
    FloatBuffer buffer = array.data().asNioFloat();
    buffer.position(Math.toIntExact(array.offset()));
    buffer.get(values);
    return values;
  }

  private static void overwrite(INDArray target, float[] values, String what) {
    long length = target == null ? 0 : target.length();
    if (length != values.length) {
      throw new IllegalArgumentException(
          what + " of " + values.length + " entries for a network of " + length);
    }
    if (length > 0 && Nd4j.getEnvironment().isCPU()) {
      FloatBuffer buffer = target.data().asNioFloat();
      buffer.position(Math.toIntExact(target.offset()));
      buffer.put(values);
    } else if (length > 0) {
      try (INDArray source = Nd4j.createFromArray(values)) {
        target.assign(source.reshape(target.shape()));
      }
    }
  }
}
