package io.involution.model.configuration;

import io.involution.data.ImageShape;
import io.involution.layers.ConvolutionBlock;
import io.involution.layers.Involution;
import io.involution.layers.WhiteningStart;
import java.util.Locale;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeConvolutional;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;

/**
 * What this job's layers need of the network around them. A fault is what the network does wrong,
 * as in "a network that has no layers"; it is empty where there is none.
 */
final class OwnLayerRules {
  /** Rows of a kernel that need no image of that size: the last layers may have few pixels. */
  private static final int SMALL_KERNEL = 31;

  private OwnLayerRules() {}

  /**
   * A kernel of more than twice the images' rows: further taps see padding alone. Small ones may.
   *
   * @param name of the layer
   * @param taken what it takes
   */
  static String kernelFault(String name, Layer layer, InputType taken) {
    int size = kernelSize(layer);
    if (!(taken instanceof InputTypeConvolutional images)
        || size <= Math.max(SMALL_KERNEL, 2 * Math.max(images.getHeight(), images.getWidth()))) {
      return "";
    }
    return String.format(
        Locale.ROOT,
        "has a kernel of %d rows in layer %s, whose images have %d x %d pixels",
        size,
        name,
        images.getHeight(),
        images.getWidth());
  }

  /** Rows of a layer's filters or kernels; 0 if it is none of this job's that has them. */
  private static int kernelSize(Layer layer) {
    if (layer instanceof ConvolutionBlock block) {
      return block.getKernelSize();
    }
    return layer instanceof Involution involution ? involution.getKernelSize() : 0;
  }

  /** A layer without its input's gradient: what is before it could not be trained. */
  static String gradientFault(ComputationGraphConfiguration network, String name) {
    return hasInputGradient(layer(network, name)) || isFirst(network, name)
        ? ""
        : "computes no input gradient in layer " + name + ", which takes what other layers make";
  }

  private static boolean hasInputGradient(Layer layer) {
    return layer instanceof ConvolutionBlock block
        ? block.isInputGradient()
        : !(layer instanceof Involution involution) || involution.isInputGradient();
  }

  /** A {@link WhiteningStart} of a layer whose filters cannot whiten the images. */
  static String whiteningFault(
      ComputationGraphConfiguration network, String name, ImageShape image) {
    if (!(layer(network, name) instanceof BaseLayer layer)
        || !(layer.getWeightInitFn() instanceof WhiteningStart)) {
      return "";
    }
    if (!(layer instanceof ConvolutionBlock block)) {
      return String.format(
          Locale.ROOT,
          "has a WhiteningStart in layer %s, a %s: only a ConvolutionBlock starts so",
          name,
          layer.getClass().getSimpleName());
    }
    if (!isFirst(network, name)) {
      return "has a WhiteningStart in layer " + name + ", which does not take the images";
    }
    return block.getKernelSize() <= Math.min(image.height(), image.width())
        ? ""
        : String.format(
            Locale.ROOT,
            "whitens patches of %d rows in layer %s, and images of %s have none",
            block.getKernelSize(),
            name,
            image);
  }

  /** The layer of a vertex; null if it has none. */
  private static Layer layer(ComputationGraphConfiguration network, String name) {
    return network.getVertices().get(name) instanceof LayerVertex vertex
        ? vertex.getLayerConf().getLayer()
        : null;
  }

  private static boolean isFirst(ComputationGraphConfiguration network, String name) {
    return network.getNetworkInputs().containsAll(network.getVertexInputs().get(name));
  }
}
