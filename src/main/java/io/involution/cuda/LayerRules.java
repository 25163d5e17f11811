package io.involution.cuda;

import io.involution.layers.BatchNormBlock;
import io.involution.layers.ConvolutionBlock;
import io.involution.layers.Dense;
import io.involution.layers.Gelu;
import io.involution.layers.GlobalPool;
import io.involution.layers.Involution;
import io.involution.layers.ShortcutVertex;
import io.involution.layers.SoftmaxCrossEntropy;
import io.involution.layers.SoftmaxOutput;
import java.util.List;
import java.util.Set;
import org.deeplearning4j.nn.api.OptimizationAlgorithm;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationReLU;

/** Which layers, and which of their settings, the kernels compute. */
final class LayerRules {
  private static final Set<Class<? extends Layer>> COMPUTED =
      Set.of(
          ConvolutionBlock.class,
          Involution.class,
          BatchNormBlock.class,
          Gelu.class,
          GlobalPool.class,
          Dense.class,
          SoftmaxOutput.class);

  private static final String NOT_LAST = "the last layer must be a SoftmaxOutput";

  private LayerRules() {}

  /**
   * Why a layer cannot be computed.
   *
   * @param last whether it is the network's last one
   * @return empty if it can
   */
  static String refusal(GraphVertex vertex, boolean last) {
    if (vertex instanceof ScaleVertex) {
      return last ? NOT_LAST : "";
    }
    if (vertex.getClass() != LayerVertex.class && !(vertex instanceof ShortcutVertex)) {
      return "it is a " + vertex.getClass().getSimpleName();
    }
    LayerVertex own = (LayerVertex) vertex;
    Layer layer = own.getLayerConf().getLayer();
    if (!COMPUTED.contains(layer.getClass())) {
      return "it is a " + layer.getClass().getSimpleName();
    }
    if (last != layer instanceof SoftmaxOutput) {
      return last ? NOT_LAST : "a SoftmaxOutput must be the last";
    }
    NeuralNetConfiguration conf = own.getLayerConf();
    if (!conf.isMiniBatch() || !conf.isMinimize() || !isStochastic(conf)) {
      return "it is not trained by stochastic gradient descent on means over minibatches";
    }
    if (!isFlattening(own.getPreProcessor())) {
      return "its input goes through " + own.getPreProcessor().getClass().getSimpleName();
    }
    String common = common(layer);
    return common.isEmpty() ? own(layer) : common;
  }

  private static boolean isStochastic(NeuralNetConfiguration conf) {
    return conf.getOptimizationAlgo() == OptimizationAlgorithm.STOCHASTIC_GRADIENT_DESCENT
        && conf.getStepFunction() == null;
  }

  /** Images and flat rows are the same in memory. */
  private static boolean isFlattening(InputPreProcessor before) {
    return before == null
        || (before.getClass() == CnnToFeedForwardPreProcessor.class
            && ((CnnToFeedForwardPreProcessor) before).getFormat() == CNN2DFormat.NCHW);
  }

  private static String common(Layer layer) {
    if (layer.getIDropout() != null) {
      return "it has dropout";
    }
    if (hasAny(layer.getConstraints())) {
      return "it has constraints";
    }
    if (!(layer instanceof BaseLayer base)) {
      return "";
    }
    if (base.getWeightNoise() != null) {
      return "it has weight noise";
    }
    boolean plain =
        base.getGradientNormalization() == null
            || base.getGradientNormalization() == GradientNormalization.None;
    return plain ? "" : "its gradients are normalized";
  }

  private static String own(Layer layer) {
    if (layer instanceof SoftmaxOutput output) {
      boolean computed = output.getLossFn() instanceof SoftmaxCrossEntropy;
      return computed ? "" : "its loss is not SoftmaxCrossEntropy";
    }
    if (layer instanceof DenseLayer dense) {
      return dense.hasLayerNorm()
          ? "it has a layer norm"
          : (dense.hasBias() ? "" : "it has no bias") + relu(dense.getActivationFn());
    }
    return "";
  }

  private static String relu(IActivation activation) {
    return activation.equals(new ActivationReLU()) ? "" : "its ReLU has settings of its own";
  }

  private static boolean hasAny(List<?> list) {
    return list != null && !list.isEmpty();
  }
}
