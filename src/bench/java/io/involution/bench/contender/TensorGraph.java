package io.involution.bench.contender;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.op.nn.Conv2d;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** A TensorFlow graph in the making: variables, common layers, Adam. */
final class TensorGraph implements AutoCloseable {
  final Graph graph = new Graph();
  final Ops tf = Ops.create(graph);

  /** Adam's decay rates to the power of the step. */
  final Operand<TFloat32> powerOfBeta1 = tf.placeholder(TFloat32.class);

  final Operand<TFloat32> powerOfBeta2 = tf.placeholder(TFloat32.class);

  private final InitialWeights weights = new InitialWeights();
  private final List<Variable> trainable = new ArrayList<>();
  private final List<Op> assignments = new ArrayList<>();
  private final List<Op> updates = new ArrayList<>();

  private record Variable(
      VarHandleOp handle,
      Operand<TFloat32> value,
      VarHandleOp mean,
      VarHandleOp variance,
      long size) {}

  /** Operations that give the variables their first values. */
  List<Op> assignments() {
    return assignments;
  }

  /** How many numbers are trained. */
  long trainableSize() {
    return trainable.stream().mapToLong(Variable::size).sum();
  }

  /** A trained variable with Glorot-uniform weights at first. */
  Operand<TFloat32> weights(int fanIn, int fanOut, long... shape) {
    return trained(weights.glorot(length(shape), fanIn, fanOut), shape);
  }

  /** A trained variable filled with one number at first. */
  Operand<TFloat32> filled(float start, long... shape) {
    return trained(InitialWeights.filled(length(shape), start), shape);
  }

  private Operand<TFloat32> trained(float[] start, long... shape) {
    VarHandleOp handle = variable(start, shape);
    Operand<TFloat32> value = tf.readVariableOp(handle, TFloat32.class);
    VarHandleOp mean = variable(new float[start.length], shape);
    VarHandleOp variance = variable(new float[start.length], shape);
    trainable.add(new Variable(handle, value, mean, variance, start.length));
    return value;
  }

  /** A variable, whether trained or not. */
  VarHandleOp variable(float[] start, long... shape) {
    VarHandleOp handle =
        tf.varHandleOp(
            TFloat32.class,
            Shape.of(shape),
            VarHandleOp.sharedName("variable" + assignments.size()));
    assignments.add(tf.assignVariableOp(handle, constant(start, shape)));
    return handle;
  }

  Operand<TFloat32> constant(float[] values, long... shape) {
    return tf.constant(Shape.of(shape), DataBuffers.of(values));
  }

  private static int length(long... shape) {
    return (int) Arrays.stream(shape).reduce(1, Math::multiplyExact);
  }

  /** Convolution with bias, stride 1, SAME, channels last. */
  Operand<TFloat32> convolution(Operand<TFloat32> images, int size, int inputs, int outputs) {
    int window = size * size;
    Operand<TFloat32> filter =
        weights(inputs * window, outputs * window, size, size, inputs, outputs);
    return tf.nn.biasAdd(convolve(images, filter), filled(0, outputs));
  }

  /** Convolution without bias, stride 1, SAME, channels last. */
  Conv2d<TFloat32> convolve(Operand<TFloat32> images, Operand<TFloat32> filter) {
    return tf.nn.conv2d(images, filter, List.of(1L, 1L, 1L, 1L), "SAME");
  }

  /** 2x2 max-pool with stride 2, channels last. */
  Operand<TFloat32> pool(Operand<TFloat32> images) {
    Operand<TInt32> window = tf.constant(new int[] {1, 2, 2, 1});
    return tf.nn.maxPool(images, window, window, "VALID");
  }

  /** Fully connected layer. */
  Operand<TFloat32> dense(Operand<TFloat32> rows, int inputs, int outputs) {
    Operand<TFloat32> matrix = weights(inputs, outputs, inputs, outputs);
    return tf.nn.biasAdd(tf.linalg.matMul(rows, matrix), filled(0, outputs));
  }

  /** Adds an update that every step makes in addition to Adam's. */
  void afterStep(Op update) {
    updates.add(update);
  }

  /** All that a step updates: Adam's variables and what {@link #afterStep} was given. */
  List<Op> updates(Operand<TFloat32> loss) {
    List<Operand<?>> values = new ArrayList<>();
    trainable.forEach(each -> values.add(each.value()));
    Gradients gradients = tf.gradients(loss, values);
    Operand<TFloat32> rate = tf.constant(1e-3f);
    Operand<TFloat32> beta1 = tf.constant(0.9f);
    Operand<TFloat32> beta2 = tf.constant(0.999f);
    Operand<TFloat32> epsilon = tf.constant(1e-7f);
    for (int i = 0; i < trainable.size(); i++) {
      Variable each = trainable.get(i);
      updates.add(
          tf.train.resourceApplyAdam(
              each.handle(),
              each.mean(),
              each.variance(),
              powerOfBeta1,
              powerOfBeta2,
              rate,
              beta1,
              beta2,
              epsilon,
              gradients.<TFloat32>dy(i)));
    }
    return updates;
  }

  @Override
  public void close() {
    graph.close();
  }
}
