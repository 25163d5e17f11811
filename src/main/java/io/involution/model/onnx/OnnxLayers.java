package io.involution.model.onnx;

import static java.util.stream.Collectors.joining;

import io.involution.layers.BatchNormBlock;
import io.involution.layers.ConvolutionBlock;
import io.involution.layers.Dense;
import io.involution.layers.Gelu;
import io.involution.layers.GlobalPool;
import io.involution.layers.Involution;
import io.involution.layers.SoftmaxOutput;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;

/** The layers that are exported, and how each is written. */
final class OnnxLayers {
  private static final OnnxLayers ALL = new OnnxLayers();

  /** By the layer's very class: others that extend one of these compute something else. */
  private final Map<Class<?>, BiFunction<Place, Layer, String>> writers = new LinkedHashMap<>();

  private OnnxLayers() {
    add(ConvolutionBlock.class, OwnLayers::convolution);
    add(Involution.class, OwnLayers::involution);
    add(BatchNormBlock.class, NormLayers::norm);
    add(Gelu.class, NormLayers::gelu);
    add(GlobalPool.class, NormLayers::pool);
    add(Dense.class, StockLayers::dense);
    add(SoftmaxOutput.class, StockLayers::output);
    add(ConvolutionLayer.class, StockLayers::convolution);
    add(SubsamplingLayer.class, StockLayers::subsampling);
    add(BatchNormalization.class, StockLayers::normalization);
    add(LocalResponseNormalization.class, StockLayers::localResponse);
    add(PReLULayer.class, StockLayers::parametricRelu);
    add(GlobalPoolingLayer.class, StockLayers::globalPooling);
    add(DenseLayer.class, StockLayers::dense);
    add(OutputLayer.class, StockLayers::output);
    add(LossLayer.class, (at, layer) -> Activations.write(at, layer.getActivationFn()));
    add(ActivationLayer.class, (at, layer) -> Activations.write(at, layer.getActivationFn()));
    add(DropoutLayer.class, (at, layer) -> at.input());
  }

  private <L extends Layer> void add(Class<L> type, BiFunction<Place, L, String> writer) {
    writers.put(type, (at, layer) -> writer.apply(at, type.cast(layer)));
  }

  /**
   * Writes a layer as it computes when nothing is trained.
   *
   * @return the name of its output
   * @throws Inexpressible if it is not exported
   */
  static String write(Place at, Layer layer) {
    BiFunction<Place, Layer, String> writer = ALL.writers.get(layer.getClass());
    if (writer == null) {
      throw new Inexpressible("(only " + names() + ")");
    }
    return writer.apply(at, layer);
  }

  private static String names() {
    List<Class<?>> types = List.copyOf(ALL.writers.keySet());
    return types.stream().map(Class::getSimpleName).collect(joining(", "));
  }
}
