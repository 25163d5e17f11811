package io.involution.model.state;

import io.involution.model.network.NetworkBlueprint;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.updater.graph.ComputationGraphUpdater;
import org.nd4j.linalg.api.memory.MemoryWorkspaceManager;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Copies a {@link ModelState} into a DL4J network and out of it. DL4J has two counters: local
 * steps, with which Adam corrects its moments, and epochs, which nothing here needs: the epoch
 * counter holds the number of steps taken before the updater was reset.
 */
public final class GraphState {
  private GraphState() {}

  /** The state of a blueprint's network with its initial weights. */
  public static ModelState initial(NetworkBlueprint blueprint) {
    ComputationGraph graph = blueprint.build();
    try {
      return capture(graph);
    } finally {
      close(graph);
    }
  }

  /** Copies a network's parameters, updater state and step count. */
  public static ModelState capture(ComputationGraph graph) {
    return ModelState.of(
        (long) graph.getConfiguration().getIterationCount()
            + graph.getConfiguration().getEpochCount(),
        toArray(graph.params()),
        toArray(updaterState(graph)));
  }

  /**
   * Overwrites a network's parameters, updater state and step count. An empty updater state resets
   * the updater, including Adam's step count.
   *
   * @throws IllegalArgumentException when the state does not match the network
   */
  public static void restore(ComputationGraph graph, ModelState state) {
    overwrite(graph.params(), state.parameters(), "parameters");
    INDArray updater = updaterState(graph);
    boolean fresh = updater != null && state.updater().length == 0;
    overwrite(
        updater,
        fresh ? new float[Math.toIntExact(updater.length())] : state.updater(),
        "updater state");
    int steps = Math.toIntExact(state.steps());
    graph.getConfiguration().setIterationCount(fresh ? 0 : steps);
    graph.getConfiguration().setEpochCount(fresh ? steps : 0);
  }

  /**
   * Frees a network's arrays, what its layers keep between steps, and the workspaces of this
   * thread. DL4J's own {@code close} leaves the layers alone, and collects the heap's garbage
   * twice.
   */
  public static void close(ComputationGraph graph) {
    free(graph);
    destroyWorkspaces();
  }

  /**
   * Frees a network's arrays and what its layers keep between steps, and leaves the workspaces of
   * this thread to its next network.
   */
  public static void free(ComputationGraph graph) {
    for (Layer layer : graph.getLayers()) {
      // DL4J's own layers do nothing.
      layer.close();
    }
    ComputationGraphUpdater updater = graph.getUpdater(false);
    for (INDArray array :
        Arrays.asList(
            graph.params(),
            graph.getFlattenedGradients(),
            updater == null ? null : updater.getStateViewArray())) {
      if (array != null && array.closeable()) {
        array.close();
      }
    }
  }

  /** Frees the workspaces of this thread; ND4J's own method collects the heap's garbage as well. */
  public static void destroyWorkspaces() {
    MemoryWorkspaceManager manager = Nd4j.getWorkspaceManager();
    List.copyOf(manager.getAllWorkspacesForCurrentThread()).forEach(manager::destroyWorkspace);
  }

  /** The updater's state; null for updaters without state. */
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
