package io.involution.bench.contender;

import io.involution.bench.NetworkSize;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Counts a DL4J network's parameters, in whose vector the running statistics are too. */
final class GraphSize {
  /** The running statistics of DL4J's batch normalization and of this project's involution. */
  private static final Set<String> STATISTICS = Set.of("mean", "var", "log10stdev", "variance");

  private GraphSize() {}

  static NetworkSize of(ComputationGraph graph) {
    long trainable = 0;
    long statistics = 0;
    for (Map.Entry<String, INDArray> parameter : graph.paramTable().entrySet()) {
      String key = parameter.getKey().substring(parameter.getKey().lastIndexOf('_') + 1);
      if (STATISTICS.contains(key)) {
        statistics += parameter.getValue().length();
      } else {
        trainable += parameter.getValue().length();
      }
    }
    return new NetworkSize(trainable, statistics);
  }
}
