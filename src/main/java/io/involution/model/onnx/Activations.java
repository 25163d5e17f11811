package io.involution.model.onnx;

import java.util.List;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationHardSigmoid;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU6;
import org.nd4j.linalg.activations.impl.ActivationSELU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftPlus;
import org.nd4j.linalg.activations.impl.ActivationSoftSign;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.activations.impl.ActivationSwish;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.factory.Nd4j;

/** Writes activation functions. */
final class Activations {
  /** Those that ONNX has under a name of its own, with the same constants. */
  private static final List<Named> NAMED =
      List.of(
          new Named(new ActivationReLU(), "Relu"),
          new Named(new ActivationSigmoid(), "Sigmoid"),
          new Named(new ActivationTanH(), "Tanh"),
          new Named(new ActivationHardSigmoid(), "HardSigmoid"),
          new Named(new ActivationSoftPlus(), "Softplus"),
          new Named(new ActivationSoftSign(), "Softsign"),
          new Named(new ActivationSELU(), "Selu"));

  private Activations() {}

  private record Named(IActivation function, String operator) {}

  /**
   * Adds a function's nodes.
   *
   * @return its output, which is the place's input if the function changes nothing
   * @throws Inexpressible if it is not exported
   */
  static String write(Place at, IActivation function) {
    for (Named named : NAMED) {
      if (named.function.equals(function)) {
        return at.node(named.operator, List.of());
      }
    }
    if (function instanceof ActivationIdentity) {
      return at.input();
    }
    if (function instanceof ActivationSoftmax && !at.isImages()) {
      return at.node("Softmax", List.of(), List.of(Attribute.of("axis", 1)));
    }
    if (function instanceof ActivationLReLU leaky) {
      return at.node(
          "LeakyRelu", List.of(), List.of(Attribute.of("alpha", (float) leaky.getAlpha())));
    }
    if (function instanceof ActivationELU exponential) {
      return at.node(
          "Elu", List.of(), List.of(Attribute.of("alpha", (float) exponential.getAlpha())));
    }
    if (function instanceof ActivationSwish) {
      return at.node("Mul", List.of(at.node("Sigmoid", List.of())));
    }
    if (function instanceof ActivationReLU6) {
      String least = at.graph().reals("least", Nd4j.scalar(0f));
      return at.node("Clip", List.of(least, at.graph().reals("most", Nd4j.scalar(6f))));
    }
    throw new Inexpressible("with the activation " + function);
  }
}
