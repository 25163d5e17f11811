package io.involution.model.network;

import io.involution.data.ImageShape;
import io.involution.layers.ConvolutionBlock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;

/**
 * The memory outside the heap without which a task cannot train or evaluate a network on the CPU:
 * what JavaCPP counts against {@code -Dorg.bytedeco.javacpp.maxbytes}. Only what {@link
 * ConvolutionBlock}s keep is counted; the involutions take little, and of other layers nothing is
 * known. Also how many examples a minibatch may have for the layers to read its arrays.
 */
public final class NativeMemory {
  /** Test examples that are evaluated at once; on the CPU, {@link #evaluated} of them. */
  public static final int EVALUATED = 256;

  /** Elements of the longest array that layers read and write on the CPU: 2 GiB less a byte. */
  private static final int LONGEST = Integer.MAX_VALUE / Float.BYTES;

  /** Less than these bytes is not worth a check. */
  private static final long LITTLE = 1 << 20;

  private NativeMemory() {}

  /**
   * The most examples of a minibatch on the CPU: with more, an array of one of this job's layers
   * would be longer than they can read. DL4J's layers have no such limit. At least 1.
   *
   * @param network the network, this job's or a user's
   * @param image the shape of its images
   */
  public static int most(NetworkBlueprint network, ImageShape image) {
    ComputationGraphConfiguration configuration = network.configuration();
    Map<String, LayerVertex> layers = layers(configuration, NativeMemory::isOurs);
    long longest = image.pixels();
    if (!layers.isEmpty()) {
      InputType input = input(image);
      Map<String, InputType> made = configuration.getLayerActivationTypes(input);
      for (Map.Entry<String, LayerVertex> layer : layers.entrySet()) {
        String before = configuration.getVertexInputs().get(layer.getKey()).get(0);
        InputType given = given(layer.getValue(), made.getOrDefault(before, input));
        longest = Math.max(longest, elements(given));
        longest = Math.max(longest, elements(made.get(layer.getKey())));
        longest = Math.max(longest, kept(layer.getValue(), given));
      }
    }
    return (int) Math.max(1, LONGEST / longest);
  }

  /**
   * Test examples that the CPU evaluates at once: fewer than {@link #EVALUATED} of large images.
   *
   * @param network the network, this job's or a user's
   * @param image the shape of its images
   */
  public static int evaluated(NetworkBlueprint network, ImageShape image) {
    return Math.min(EVALUATED, most(network, image));
  }

  /**
   * Bytes that a task needs at least; 0 where that is little.
   *
   * @param network the network, this job's or a user's
   * @param image the shape of its images
   * @param examples size of the largest minibatch
   */
  public static long least(NetworkBlueprint network, ImageShape image, int examples) {
    ComputationGraphConfiguration configuration = network.configuration();
    Map<String, LayerVertex> blocks = layers(configuration, ConvolutionBlock.class::isInstance);
    if (blocks.isEmpty()) {
      return 0;
    }
    InputType input = input(image);
    Map<String, InputType> made = configuration.getLayerActivationTypes(input);
    long bytes = 0;
    for (Map.Entry<String, LayerVertex> block : blocks.entrySet()) {
      String before = configuration.getVertexInputs().get(block.getKey()).get(0);
      bytes += bytes(block.getValue(), made.getOrDefault(before, input), examples);
    }
    return bytes < LITTLE ? 0 : bytes;
  }

  private static InputType input(ImageShape image) {
    return InputType.convolutional(image.height(), image.width(), image.channels());
  }

  private static boolean isOurs(Layer layer) {
    return layer.getClass().getPackage().equals(ConvolutionBlock.class.getPackage());
  }

  private static Map<String, LayerVertex> layers(
      ComputationGraphConfiguration configuration, Predicate<Layer> wanted) {
    Map<String, LayerVertex> layers = new LinkedHashMap<>();
    configuration
        .getVertices()
        .forEach(
            (name, vertex) -> {
              if (vertex instanceof LayerVertex layer
                  && wanted.test(layer.getLayerConf().getLayer())) {
                layers.put(name, layer);
              }
            });
    return layers;
  }

  /** What a layer takes once its input is reshaped. */
  private static InputType given(LayerVertex vertex, InputType before) {
    InputPreProcessor first = vertex.getPreProcessor();
    return first == null ? before : first.getOutputType(before);
  }

  /** Elements of an example; none of a sequence, whose length may be unknown. */
  private static long elements(InputType type) {
    return type.getType() == InputType.Type.RNN ? 0 : type.arrayElementsPerExample();
  }

  private static long kept(LayerVertex vertex, InputType given) {
    return vertex.getLayerConf().getLayer() instanceof ConvolutionBlock block
            && given instanceof InputType.InputTypeConvolutional images
        ? block.keptLength(images.getHeight(), images.getWidth())
        : 0;
  }

  private static long bytes(LayerVertex vertex, InputType before, int examples) {
    InputType.InputTypeConvolutional images =
        (InputType.InputTypeConvolutional) given(vertex, before);
    ConvolutionBlock block = (ConvolutionBlock) vertex.getLayerConf().getLayer();
    return block.nativeBytes(images.getHeight(), images.getWidth(), examples);
  }
}
