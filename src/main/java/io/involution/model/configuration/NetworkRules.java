package io.involution.model.configuration;

import io.involution.data.DataSchema;
import io.involution.data.ImageShape;
import io.involution.failure.InputException;
import io.involution.layers.ShortcutVertex;
import io.involution.layers.SoftmaxCrossEntropy;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/**
 * What a network must be to be trained or used here: from images of one shape to the probabilities
 * of the classes, and of a size that fits.
 *
 * @param source where the network was read, which refuses it
 * @param schema the images and classes
 */
public record NetworkRules(ConfigurationReader source, DataSchema schema) {
  /**
   * The most entries of a network's parameter vector: a model file holds no more. This job's
   * largest network, for the largest images and the most classes, has 17,483,888.
   */
  public static final int MOST_PARAMETERS = 18_000_000;

  /** The most numbers that all layers together compute for one image. */
  private static final double MOST_ACTIVATIONS = 1 << 26;

  private static final long MOST_SIZE = 1 << 20;

  /**
   * Completes a network's configuration for the images, and checks it.
   *
   * @param network the configuration, which is changed: layers that do not say how many inputs they
   *     have get that number
   * @throws InputException naming what is wrong with it
   */
  public ComputationGraphConfiguration checked(ComputationGraphConfiguration network) {
    try {
      require(network.getVertices() != null && !network.getVertices().isEmpty(), "has no layers");
      require(isOne(network.getNetworkInputs()), "has not exactly one input");
      require(isOne(network.getNetworkOutputs()), "has not exactly one output");
      require(network.getDataType() == DataType.FLOAT, "does not compute in FLOAT");
      require(network.getBackpropType() == BackpropType.Standard, "is trained through time");
      require(countsSteps(network), "has taken fewer than 0 or more than 2^31 - 1 steps");
      network.validate();
      requireSoftmax(network);
      requireSize(network, fitted(network));
      return network;
    } catch (RuntimeException e) {
      throw source.refused(e);
    }
  }

  /**
   * The same for a network that is to be trained.
   *
   * @throws InputException naming what is wrong with it
   */
  public ComputationGraphConfiguration trainable(ComputationGraphConfiguration network) {
    checked(network);
    try {
      for (String name : network.getVertices().keySet()) {
        requireNone(OwnLayerRules.gradientFault(network, name));
        requireNone(OwnLayerRules.whiteningFault(network, name, schema.image()));
      }
      return network;
    } catch (RuntimeException e) {
      throw source.refused(e);
    }
  }

  /** The sum is the number of steps: see GraphState. */
  private static boolean countsSteps(ComputationGraphConfiguration network) {
    int iterations = network.getIterationCount();
    int epochs = network.getEpochCount();
    return iterations >= 0 && epochs >= 0 && (long) iterations + epochs <= Integer.MAX_VALUE;
  }

  private static boolean isOne(List<String> names) {
    return names != null && names.size() == 1;
  }

  private void require(boolean sound, String otherwise) {
    if (!sound) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s describes a network that %s: %s",
              source.name(),
              otherwise,
              source.fix()));
    }
  }

  private void requireNone(String fault) {
    require(fault.isEmpty(), fault);
  }

  private void requireSoftmax(ComputationGraphConfiguration network) {
    GraphVertex last = network.getVertices().get(network.getNetworkOutputs().get(0));
    require(
        last instanceof LayerVertex vertex
            && vertex.getLayerConf().getLayer() instanceof OutputLayer layer
            && layer.getActivationFn() instanceof ActivationSoftmax
            && isCrossEntropy(layer.getLossFn()),
        "does not end in an OutputLayer with a softmax and the loss MCXENT");
    long outputs = ((OutputLayer) ((LayerVertex) last).getLayerConf().getLayer()).getNOut();
    require(
        outputs == schema.classCount(),
        String.format(
            Locale.ROOT,
            "has %d outputs for the %d classes of the data",
            outputs,
            schema.classCount()));
  }

  private static boolean isCrossEntropy(ILossFunction loss) {
    return loss instanceof LossMCXENT || loss instanceof SoftmaxCrossEntropy;
  }

  /** The types of all activations, after layers have got the numbers that they do not say. */
  private Map<String, InputType> fitted(ComputationGraphConfiguration network) {
    ImageShape image = schema.image();
    InputType input = InputType.convolutional(image.height(), image.width(), image.channels());
    Map<String, Long> said = inputs(network);
    Map<String, InputType> types = network.getLayerActivationTypes(true, true, input);
    Map<String, Long> needed = inputs(network);
    said.forEach(
        (layer, inputs) ->
            require(
                inputs <= 0 || inputs.equals(needed.get(layer)),
                String.format(
                    Locale.ROOT,
                    "has a layer for %d inputs where images of %s make %d",
                    inputs,
                    image,
                    needed.get(layer))));
    network.getVertices().forEach((name, vertex) -> requireShape(network, name, types));
    return types;
  }

  /** What reshapes a layer's input says of which shape that is, and believes it. */
  private void requireShape(
      ComputationGraphConfiguration network, String name, Map<String, InputType> types) {
    String from = network.getVertexInputs().get(name).get(0);
    ImageShape image = schema.image();
    InputType type =
        types.getOrDefault(
            from, InputType.convolutional(image.height(), image.width(), image.channels()));
    if (network.getVertices().get(name) instanceof LayerVertex layer) {
      if (layer.getPreProcessor() instanceof CnnToFeedForwardPreProcessor flat) {
        requireSame(type, flat.getInputHeight(), flat.getInputWidth(), flat.getNumChannels());
      } else if (layer.getPreProcessor() instanceof FeedForwardToCnnPreProcessor images) {
        requireSame(type, images.getInputHeight(), images.getInputWidth(), images.getNumChannels());
      }
      InputPreProcessor before = layer.getPreProcessor();
      InputType taken = before == null ? type : before.getOutputType(type);
      requireNone(OwnLayerRules.kernelFault(name, layer.getLayerConf().getLayer(), taken));
      if (layer instanceof ShortcutVertex) {
        List<String> both = network.getVertexInputs().get(name);
        require(
            both.size() == 2 && types.get(name).equals(types.get(both.get(1))),
            "adds a shortcut of another shape in layer " + name);
      }
    }
  }

  private void requireSame(InputType type, long height, long width, long channels) {
    boolean same =
        type instanceof InputType.InputTypeConvolutional images
            ? images.getHeight() == height
                && images.getWidth() == width
                && images.getChannels() == channels
            : type.arrayElementsPerExample() == height * width * channels;
    require(
        same,
        String.format(
            Locale.ROOT,
            "reshapes the input of a layer as if it had %d x %d x %d numbers",
            channels,
            height,
            width));
  }

  /** What layers say about how many inputs they have, by their names. */
  private static Map<String, Long> inputs(ComputationGraphConfiguration network) {
    Map<String, Long> inputs = new TreeMap<>();
    network
        .getVertices()
        .forEach(
            (name, vertex) -> {
              if (vertex instanceof LayerVertex layer
                  && layer.getLayerConf().getLayer() instanceof FeedForwardLayer forward) {
                inputs.put(name, forward.getNIn());
              }
            });
    return inputs;
  }

  private void requireSize(ComputationGraphConfiguration network, Map<String, InputType> types) {
    double activations = 0;
    long parameters = 0;
    for (Map.Entry<String, GraphVertex> vertex : network.getVertices().entrySet()) {
      double size = 1;
      for (long side : types.get(vertex.getKey()).getShape()) {
        // A layer multiplies sides by 1,024 at most: the first one that is too long is seen here.
        require(
            side > 0 && side <= MOST_SIZE, "has a layer of " + side + " rows, columns or channels");
        size *= side;
      }
      activations += size;
      require(activations <= MOST_ACTIVATIONS, "computes too many numbers for an image");
      long own = vertex.getValue().numParams(false);
      parameters += own;
      require(
          own >= 0 && parameters <= MOST_PARAMETERS,
          String.format(Locale.ROOT, "has more than %,d parameters", MOST_PARAMETERS));
    }
  }
}
