package io.involution.model.network;

import io.involution.data.ImageShape;
import io.involution.layers.ConvolutionBlock;
import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;

/**
 * The memory outside the heap without which a task cannot train or evaluate a network on the CPU:
 * what JavaCPP counts against {@code -Dorg.bytedeco.javacpp.maxbytes}. Only what {@link
 * ConvolutionBlock}s keep is counted; the involutions take little, and of other layers nothing is
 * known.
 */
public final class NativeMemory {
  /** Test examples that are evaluated at once. */
  public static final int EVALUATED = 256;

  /** Less than these bytes is not worth a check. */
  private static final long LITTLE = 1 << 20;

  private NativeMemory() {}

  /**
   * Bytes that a task needs at least; 0 where that is little.
   *
   * @param network the network, this job's or a user's
   * @param image the shape of its images
   * @param examples size of the largest minibatch
   */
  public static long least(NetworkBlueprint network, ImageShape image, int examples) {
    ComputationGraphConfiguration configuration = network.configuration();
    Map<String, LayerVertex> blocks = blocks(configuration);
    if (blocks.isEmpty()) {
      return 0;
    }
    InputType input = InputType.convolutional(image.height(), image.width(), image.channels());
    Map<String, InputType> made = configuration.getLayerActivationTypes(input);
    long bytes = 0;
    for (Map.Entry<String, LayerVertex> block : blocks.entrySet()) {
      String before = configuration.getVertexInputs().get(block.getKey()).get(0);
      bytes += bytes(block.getValue(), made.getOrDefault(before, input), examples);
    }
    return bytes < LITTLE ? 0 : bytes;
  }

  private static Map<String, LayerVertex> blocks(ComputationGraphConfiguration configuration) {
    Map<String, LayerVertex> blocks = new LinkedHashMap<>();
    configuration
        .getVertices()
        .forEach(
            (name, vertex) -> {
              if (vertex instanceof LayerVertex layer
                  && layer.getLayerConf().getLayer() instanceof ConvolutionBlock) {
                blocks.put(name, layer);
              }
            });
    return blocks;
  }

  private static long bytes(LayerVertex vertex, InputType given, int examples) {
    InputPreProcessor first = vertex.getPreProcessor();
    InputType.InputTypeConvolutional images =
        (InputType.InputTypeConvolutional) (first == null ? given : first.getOutputType(given));
    ConvolutionBlock block = (ConvolutionBlock) vertex.getLayerConf().getLayer();
    return block.nativeBytes(images.getHeight(), images.getWidth(), examples);
  }
}
