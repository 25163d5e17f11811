package io.involution.evaluate;

import io.involution.layers.Involution;
import io.involution.layers.InvolutionLayer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.impl.LayerVertex;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The kernels that a network's involution layers generate for images, in inference mode. */
public final class GeneratedKernels {
  /** Weights of the kernels that exist at a time, 64 MiB; more only where one image has more. */
  private static final long MOST = 1 << 24;

  private final ComputationGraph graph;
  private final Map<String, INDArray> activations;

  /**
   * Passes images through a network.
   *
   * @param images {@code [N, C, H, W]}, normalized
   */
  public GeneratedKernels(ComputationGraph graph, INDArray images) {
    this.graph = graph;
    activations = graph.feedForward(images, false);
  }

  /**
   * What follows from the kernels of each image.
   *
   * @param involution a layer of the network
   * @param each receives an image's K x K, G, rows and columns of positions, and its weights {@code
   *     [K * K, G, rows, columns]}
   * @return its results, by image
   */
  public <T> List<T> of(InvolutionLayer involution, BiFunction<long[], float[], T> each) {
    Involution layer = (Involution) involution.conf().getLayer();
    INDArray input = input(layer.getLayerName());
    long images = input.size(0);
    int atOnce = atOnce(layer.kernelLength(input.size(2), input.size(3)));
    List<T> results = new ArrayList<>();
    for (long from = 0; from < images; from += atOnce) {
      long to = Math.min(images, from + atOnce);
      INDArray part =
          to - from == images ? input : input.get(NDArrayIndex.interval(from, to)).dup('c');
      try (INDArray kernels = involution.kernel(part)) {
        long[] shape = Arrays.copyOfRange(kernels.shape(), 1, kernels.rank());
        float[] weights = kernels.data().asFloat();
        int length = Math.toIntExact(weights.length / (to - from));
        for (int at = 0; at < weights.length; at += length) {
          results.add(each.apply(shape, Arrays.copyOfRange(weights, at, at + length)));
        }
      }
    }
    return results;
  }

  /** Images whose kernels exist at a time, of so many weights each. */
  static int atOnce(long weights) {
    return (int) Math.max(1, MOST / weights);
  }

  /** What a layer takes: another's output, which is reshaped first where the network says so. */
  private INDArray input(String layer) {
    INDArray made = activations.get(graph.getConfiguration().getVertexInputs().get(layer).get(0));
    if (graph.getVertex(layer) instanceof LayerVertex vertex
        && vertex.getLayerPreProcessor() != null) {
      int images = Math.toIntExact(made.size(0));
      return vertex
          .getLayerPreProcessor()
          .preProcess(made.dup('c'), images, LayerWorkspaceMgr.noWorkspaces());
    }
    return made;
  }
}
