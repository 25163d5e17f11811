package io.involution.model.onnx;

import io.involution.layers.BatchNormBlock;
import io.involution.layers.Gelu;
import io.involution.layers.GlobalPool;
import io.involution.layers.norm.NormOffsets;
import java.util.List;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationGELU;
import org.nd4j.linalg.factory.Nd4j;

/** Writes this job's BatchNorms, GELU and global pools. */
final class NormLayers {
  private NormLayers() {}

  static String norm(Place at, BatchNormBlock layer) {
    return activated(at, normalized(at, layer), layer.getActivationFn());
  }

  /**
   * A BatchNorm with a shortcut.
   *
   * @param before whether it is added before the activation
   * @param second name of the shortcut
   */
  static String shortcut(Place at, BatchNormBlock layer, boolean before, String second) {
    String normalized = normalized(at, layer);
    if (before) {
      String sum = at.graph().node("Add", List.of(normalized, second));
      return activated(at, sum, layer.getActivationFn());
    }
    String activated = activated(at, normalized, layer.getActivationFn());
    return at.graph().node("Add", List.of(activated, second));
  }

  private static String normalized(Place at, BatchNormBlock layer) {
    long channels = layer.getNIn();
    return at.node(
        "BatchNormalization",
        List.of(
            at.parameterOr(NormOffsets.GAMMA, 1, channels),
            at.parameter(NormOffsets.BETA, channels),
            at.parameter(NormOffsets.MEAN, channels),
            at.parameter(NormOffsets.VARIANCE, channels)),
        List.of(Attribute.of("epsilon", (float) layer.getEpsilon())));
  }

  private static String activated(Place at, String value, IActivation function) {
    return function instanceof ActivationGELU
        ? gelu(at.graph(), value)
        : Activations.write(at.after(value), function);
  }

  static String gelu(Place at, Gelu layer) {
    return gelu(at.graph(), at.input());
  }

  /** ONNX has an operator of that name only in later versions. */
  private static String gelu(OnnxGraph graph, String value) {
    String root = graph.reals("root", Nd4j.scalar((float) Math.sqrt(0.5)));
    String scaled = graph.node("Mul", List.of(value, root));
    String error = graph.node("Erf", List.of(scaled));
    String sum = graph.node("Add", List.of(error, graph.reals("one", Nd4j.scalar(1f))));
    String twice = graph.node("Mul", List.of(value, sum));
    return graph.node("Mul", List.of(twice, graph.reals("half", Nd4j.scalar(0.5f))));
  }

  static String pool(Place at, GlobalPool layer) {
    String operator =
        layer.getKind() == GlobalPool.Kind.MAX ? "GlobalMaxPool" : "GlobalAveragePool";
    String pooled = at.node(operator, List.of());
    return at.after(pooled).node("Flatten", List.of(), List.of(Attribute.of("axis", 1)));
  }
}
