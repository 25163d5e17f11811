package io.involution.model.whitening;

import io.involution.layers.ConvolutionBlock;
import io.involution.layers.WhiteningStart;
import io.involution.model.Normalization;
import io.involution.model.state.ModelState;
import io.involution.model.state.ParameterBlock;
import io.involution.model.state.ParameterLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.params.DefaultParamInitializer;

/**
 * A layer whose filters whiten the patches of the training images, see {@link WhiteningStart}.
 *
 * @param layer its name
 * @param size rows and columns of a filter
 * @param epsilon what is added to the eigenvalues
 */
public record Whitening(String layer, int size, double epsilon) {
  /** What pixels are divided by before they are normalized. */
  private static final double WHITE = 255;

  /**
   * The layers of a network that start so.
   *
   * @throws IllegalArgumentException if one of them is not a first layer
   */
  public static List<Whitening> of(ComputationGraphConfiguration network) {
    List<Whitening> layers = new ArrayList<>();
    for (Map.Entry<String, GraphVertex> vertex : network.getVertices().entrySet()) {
      if (vertex.getValue() instanceof LayerVertex place
          && place.getLayerConf().getLayer() instanceof ConvolutionBlock block
          && block.getWeightInitFn() instanceof WhiteningStart start) {
        if (!network
            .getNetworkInputs()
            .containsAll(network.getVertexInputs().get(vertex.getKey()))) {
          throw new IllegalArgumentException(
              String.format(
                  Locale.ROOT,
                  "layer %s whitens images, but is not the network's first: give it another start",
                  vertex.getKey()));
        }
        layers.add(new Whitening(vertex.getKey(), block.getKernelSize(), start.getEpsilon()));
      }
    }
    return layers;
  }

  /**
   * The state with the layer's filters in it.
   *
   * @param state a network's first state
   * @param layout of its parameters
   * @param sums those of {@link PatchStatistics} over all training images
   * @param normalization of the images
   */
  public ModelState in(
      ModelState state, ParameterLayout layout, long[] sums, Normalization normalization) {
    ParameterBlock block =
        layout.blocks(layer).stream()
            .filter(each -> each.name().equals(DefaultParamInitializer.WEIGHT_KEY))
            .findFirst()
            .orElseThrow();
    double[][] filters = filters(Math.toIntExact(block.shape().get(0)), sums, normalization);
    float[] parameters = state.parameters().clone();
    int next = block.offset();
    for (double[] filter : filters) {
      for (double weight : filter) {
        parameters[next++] = (float) weight;
      }
    }
    return state.with(ModelState.PARAMETERS, parameters);
  }

  /**
   * The filters.
   *
   * @param number of them
   * @return each with the pixels of a patch
   */
  double[][] filters(int number, long[] sums, Normalization normalization) {
    int pixels = PatchStatistics.pixels(sums);
    double[] deviations = new double[pixels];
    for (int i = 0; i < pixels; i++) {
      deviations[i] = WHITE * normalization.standardDeviation(i / (size * size));
    }
    Eigenvectors eigen = new Eigenvectors(PatchStatistics.covariance(sums, deviations));
    int vectors = WhiteningStart.vectors(number, pixels);
    double[][] filters = new double[number][pixels];
    for (int i = 0; i < vectors; i++) {
      double scale = 1 / Math.sqrt(Math.max(0, eigen.value(i)) + epsilon);
      double[] vector = eigen.vector(i);
      for (int j = 0; j < pixels; j++) {
        filters[i][j] = scale * vector[j];
        filters[vectors + i][j] = -filters[i][j];
      }
    }
    return filters;
  }
}
