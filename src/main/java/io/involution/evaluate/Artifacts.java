package io.involution.evaluate;

import io.involution.data.Shard;
import io.involution.evaluate.artifact.KernelMap;
import io.involution.evaluate.artifact.Picture;
import io.involution.evaluate.artifact.Prediction;
import io.involution.evaluate.artifact.Sample;
import io.involution.layers.InvolutionLayer;
import io.involution.model.Minibatch;
import io.involution.model.Normalization;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Collects what a report draws: examples, and the kernels that involution layers generate. */
public final class Artifacts {
  /** Layers with heat maps: as many as fit beside each other. */
  private static final int MOST_MAPS = 4;

  private Artifacts() {}

  /**
   * The examples of a shard.
   *
   * @param shard examples
   * @param indices the position of each in its subset
   */
  public static List<Sample> samples(Shard shard, List<Integer> indices) {
    return IntStream.range(0, shard.size())
        .mapToObj(i -> new Sample(indices.get(i), shard.label(i), picture(shard, i)))
        .toList();
  }

  /** An example's image. */
  static Picture picture(Shard shard, int example) {
    return new Picture(
        shard.image(),
        Arrays.copyOfRange(shard.pixels(), shard.offset(example), shard.offset(example + 1)));
  }

  /**
   * Predictions for a few test examples, in inference mode, and kernels for the first ones.
   *
   * @param graph the network
   * @param normalization what is done to the pixels
   * @param shard the examples
   * @param indices the position of each among the test examples
   * @param drawn number of examples whose kernels are kept, which may have megabytes each
   */
  public static List<Prediction> predictions(
      ComputationGraph graph,
      Normalization normalization,
      Shard shard,
      List<Integer> indices,
      int drawn) {
    List<Prediction> predictions = new ArrayList<>();
    int[] order = IntStream.range(0, shard.size()).toArray();
    try (Minibatch minibatch = new Minibatch(normalization)) {
      for (int i = 0; i < shard.size(); i++) {
        minibatch.load(shard, order, i, i + 1);
        List<Float> probabilities = new ArrayList<>();
        for (float value : Evaluator.probabilities(graph, minibatch.images())[0]) {
          probabilities.add(value);
        }
        List<KernelMap> kernels = i < drawn ? kernels(graph, minibatch.images()) : List.of();
        predictions.add(new Prediction(indices.get(i), shard.label(i), probabilities, kernels));
      }
    }
    return predictions;
  }

  private static List<KernelMap> kernels(ComputationGraph graph, INDArray image) {
    List<KernelMap> kernels = new ArrayList<>();
    GeneratedKernels generated = new GeneratedKernels(graph, image);
    for (InvolutionLayer involution : shown(graph)) {
      String name = involution.conf().getLayer().getLayerName();
      kernels.addAll(
          generated.of(involution, (shape, weights) -> KernelMap.of(name, shape, weights)));
    }
    return kernels;
  }

  /** The involutions with heat maps: all, or the first, the last and some between of many. */
  private static List<InvolutionLayer> shown(ComputationGraph graph) {
    List<InvolutionLayer> all =
        Arrays.stream(graph.getLayers())
            .filter(InvolutionLayer.class::isInstance)
            .map(InvolutionLayer.class::cast)
            .toList();
    int number = Math.min(MOST_MAPS, all.size());
    return IntStream.range(0, number)
        .mapToObj(i -> all.get(number == 1 ? 0 : i * (all.size() - 1) / (number - 1)))
        .toList();
  }
}
