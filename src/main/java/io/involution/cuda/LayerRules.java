package io.involution.cuda;

import io.involution.layers.ConvolutionBlock;
import io.involution.layers.Dense;
import io.involution.layers.Involution;
import io.involution.layers.SoftmaxCrossEntropy;
import io.involution.layers.SoftmaxOutput;
import java.util.List;
import java.util.Set;
import org.deeplearning4j.nn.api.OptimizationAlgorithm;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationReLU;

/** Which layers, and which of their settings, the kernels compute. */
final class LayerRules {
  private static final Set<Class<? extends BaseLayer>> COMPUTED =
      Set.of(ConvolutionBlock.class, Involution.class, Dense.class, SoftmaxOutput.class);

  private LayerRules() {}

  /**
   * Why a layer cannot be computed.
   *
   * @param last whether it is the network's last one
   * @return empty if it can
   */
  static String refusal(LayerVertex vertex, boolean last) {
    NeuralNetConfiguration conf = vertex.getLayerConf();
    if (!COMPUTED.contains(conf.getLayer().getClass())) {
      return "it is a " + conf.getLayer().getClass().getSimpleName();
    }
    BaseLayer layer = (BaseLayer) conf.getLayer();
    if (last != layer instanceof SoftmaxOutput) {
      return last ? "the last layer must be a SoftmaxOutput" : "a SoftmaxOutput must be the last";
    }
    if (!conf.isMiniBatch() || !conf.isMinimize() || !isStochastic(conf)) {
      return "it is not trained by stochastic gradient descent on means over minibatches";
    }
    if (!isFlattening(vertex.getPreProcessor())) {
      return "its input goes through " + vertex.getPreProcessor().getClass().getSimpleName();
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

  private static String common(BaseLayer layer) {
    if (layer.getIDropout() != null) {
      return "it has dropout";
    }
    if (hasAny(layer.getConstraints())) {
      return "it has constraints";
    }
    if (layer.getWeightNoise() != null) {
      return "it has weight noise";
    }
    boolean plain =
        layer.getGradientNormalization() == null
            || layer.getGradientNormalization() == GradientNormalization.None;
    return plain ? "" : "its gradients are normalized";
  }

  private static String own(Layer layer) {
    if (layer instanceof SoftmaxOutput output) {
      if (!(output.getLossFn() instanceof SoftmaxCrossEntropy loss)) {
        return "its loss is not SoftmaxCrossEntropy";
      }
      return loss.labelSmoothing() > 0 ? "its labels are smoothed" : bias(output.hasBias());
    }
    if (layer instanceof DenseLayer dense) {
      return dense.hasLayerNorm()
          ? "it has a layer norm"
          : bias(dense.hasBias()) + relu(dense.getActivationFn());
    }
    return layer instanceof ConvolutionBlock block ? convolution(block) : "";
  }

  private static String convolution(ConvolutionBlock block) {
    if (block.hasFrozenFilters()) {
      return "its filters are frozen";
    }
    return bias(block.hasBias()) + (block.isRelu() ? relu(block.getActivationFn()) : "");
  }

  private static String bias(boolean present) {
    return present ? "" : "it has no bias";
  }

  private static String relu(IActivation activation) {
    return activation.equals(new ActivationReLU()) ? "" : "its ReLU has settings of its own";
  }

  private static boolean hasAny(List<?> list) {
    return list != null && !list.isEmpty();
  }
}
