package io.involution.spark.classify;

import io.involution.evaluate.GeneratedKernels;
import io.involution.layers.InvolutionLayer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The heat map of an involution layer for one image, in numbers. A heat map has the sum of the
 * generated kernel's weights, over taps and groups, at every position.
 *
 * @param layer the layer's name
 * @param mean mean over the positions
 * @param deviation standard deviation over the positions
 * @param least the smallest sum
 * @param most the largest sum
 * @param row row of the largest sum
 * @param column column of the largest sum
 */
record KernelStatistics(
    String layer, float mean, float deviation, float least, float most, int row, int column) {

  /** The statistics of a list of sums, row by row. */
  static KernelStatistics of(String layer, double[] sums, int columns) {
    double mean = Arrays.stream(sums).average().orElse(0);
    double variance = Arrays.stream(sums).map(sum -> (sum - mean) * (sum - mean)).sum();
    int most = 0;
    for (int place = 1; place < sums.length; place++) {
      most = sums[place] > sums[most] ? place : most;
    }
    return new KernelStatistics(
        layer,
        (float) mean,
        (float) Math.sqrt(variance / sums.length),
        (float) Arrays.stream(sums).min().orElse(0),
        (float) sums[most],
        most / columns,
        most % columns);
  }

  /**
   * The statistics of all images of a minibatch.
   *
   * @param images {@code [N, C, H, W]}, normalized
   * @return by image, one for each involution
   */
  static List<List<KernelStatistics>> of(ComputationGraph graph, INDArray images) {
    List<List<KernelStatistics>> byImage = new ArrayList<>();
    for (int image = 0; image < images.size(0); image++) {
      byImage.add(new ArrayList<>());
    }
    GeneratedKernels kernels = new GeneratedKernels(graph, images);
    for (Layer layer : graph.getLayers()) {
      if (layer instanceof InvolutionLayer involution) {
        String name = involution.conf().getLayer().getLayerName();
        List<KernelStatistics> ofLayer =
            kernels.of(involution, (shape, weights) -> of(name, shape, weights));
        for (int image = 0; image < byImage.size(); image++) {
          byImage.get(image).add(ofLayer.get(image));
        }
      }
    }
    return byImage;
  }

  /** The statistics of one image's weights, whose last axes are rows and columns of positions. */
  private static KernelStatistics of(String layer, long[] shape, float[] weights) {
    int columns = Math.toIntExact(shape[3]);
    int positions = Math.toIntExact(shape[2]) * columns;
    double[] sums = new double[positions];
    for (int place = 0; place < weights.length; place++) {
      sums[place % positions] += weights[place];
    }
    return of(layer, sums, columns);
  }
}
