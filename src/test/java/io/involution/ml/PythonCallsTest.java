package io.involution.ml;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.ml.param.ParamMap;
import org.junit.jupiter.api.Test;
import py4j.reflection.MethodInvoker;
import py4j.reflection.ReflectionEngine;

/** The estimator as Python finds it: by names and by the types that Python's numbers become. */
class PythonCallsTest {
  private final ReflectionEngine engine = new ReflectionEngine();

  private Object call(Object target, String method, Object... arguments) {
    MethodInvoker invoker = engine.getMethod(target, method, arguments);
    return engine.invoke(target, invoker, arguments);
  }

  @Test
  void everyParamIsSetFromPython() {
    Object classifier =
        engine.invoke(
            null,
            engine.getConstructor(InvolutionClassifier.class.getName(), new Object[0]),
            new Object[0]);
    Object chained = call(classifier, "setNetwork", "involution");
    assertThat(chained).isSameAs(classifier);
    // Python has one kind of whole numbers and one of others.
    call(classifier, "setSeed", 5);
    call(classifier, "setMaxIter", 2);
    call(classifier, "setLearningRate", 0.5);
    call(classifier, "setImageShape", (Object) new int[] {1, 8, 8});
    call(classifier, "setHandleInvalid", "skip");
    call(classifier, "setThresholds", (Object) new double[] {0.5, 0.2});

    assertThat(call(classifier, "getNetwork")).isEqualTo("involution");
    assertThat(call(classifier, "getSeed")).isEqualTo(5L);
    assertThat(call(classifier, "getLearningRate")).isEqualTo(0.5);
    InvolutionClassifier copy = (InvolutionClassifier) call(classifier, "copy", ParamMap.empty());
    assertThat(copy.getHandleInvalid()).isEqualTo("skip");
    // Spark finds the params by the methods that return them.
    assertThat(copy.params())
        .extracting("name")
        .contains("network", "labelCol", "patience")
        .hasSize(25);
  }
}
