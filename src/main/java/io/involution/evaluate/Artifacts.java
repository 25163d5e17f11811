package io.involution.evaluate;

import io.involution.data.ImageShape;
import io.involution.data.Shard;
import io.involution.layers.InvolutionLayer;
import io.involution.model.Minibatch;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What a report needs to draw examples and the kernels that involution layers made for them. */
public final class Artifacts {
  private Artifacts() {}

  /**
   * An example's pixels.
   *
   * @param index place in its subset
   * @param label its class
   * @param pixels base64 of 3 x 32 x 32 unsigned bytes, planes red, green, blue
   */
  public record Sample(int index, int label, String pixels) {}

  /**
   * What a model makes of an example.
   *
   * @param index place among the test examples
   * @param label its class
   * @param probabilities the model's, by class
   * @param layers one entry an involution layer
   */
  public record Prediction(
      int index, int label, List<Float> probabilities, List<KernelMap> layers) {}

  /**
   * The kernel that an involution layer generated for one image.
   *
   * @param layer the layer's name
   * @param taps K x K
   * @param groups G
   * @param height H'
   * @param width W'
   * @param values base64 of little-endian float32 [taps, groups, height, width]
   */
  public record KernelMap(
      String layer, long taps, long groups, long height, long width, String values) {}

  /**
   * The samples of a shard.
   *
   * @param shard examples
   * @param indices the place of each in its subset
   */
  public static List<Sample> samples(Shard shard, List<Integer> indices) {
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < shard.size(); i++) {
      samples.add(new Sample(indices.get(i), shard.label(i), pixels(shard, i)));
    }
    return samples;
  }

  /** An example's pixels as text. */
  static String pixels(Shard shard, int example) {
    byte[] pixels =
        Arrays.copyOfRange(
            shard.pixels(), example * ImageShape.PIXELS, (example + 1) * ImageShape.PIXELS);
    return Base64.getEncoder().encodeToString(pixels);
  }

  /**
   * Predictions and kernels for a few test examples, in inference mode.
   *
   * @param graph the network
   * @param shard the examples
   * @param indices the place of each among the test examples
   */
  public static List<Prediction> predictions(
      ComputationGraph graph, Shard shard, List<Integer> indices) {
    List<Prediction> predictions = new ArrayList<>();
    int[] order = IntStream.range(0, shard.size()).toArray();
    try (Minibatch minibatch = new Minibatch()) {
      for (int i = 0; i < shard.size(); i++) {
        minibatch.load(shard, order, i, i + 1);
        List<Float> probabilities = new ArrayList<>();
        for (float value : Evaluator.probabilities(graph, minibatch.images())[0]) {
          probabilities.add(value);
        }
        predictions.add(
            new Prediction(
                indices.get(i), shard.label(i), probabilities, kernels(graph, minibatch.images())));
      }
    }
    return predictions;
  }

  private static List<KernelMap> kernels(ComputationGraph graph, INDArray image) {
    List<KernelMap> kernels = new ArrayList<>();
    Map<String, INDArray> activations = graph.feedForward(image, false);
    for (Layer layer : graph.getLayers()) {
      if (layer instanceof InvolutionLayer involution) {
        String name = involution.conf().getLayer().getLayerName();
        String from = graph.getConfiguration().getVertexInputs().get(name).get(0);
        kernels.add(map(name, involution.kernel(activations.get(from))));
      }
    }
    return kernels;
  }

  private static KernelMap map(String layer, INDArray kernel) {
    float[] values = kernel.dup('c').data().asFloat();
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return new KernelMap(
        layer,
        kernel.size(1),
        kernel.size(2),
        kernel.size(3),
        kernel.size(4),
        Base64.getEncoder().encodeToString(bytes.array()));
  }
}
