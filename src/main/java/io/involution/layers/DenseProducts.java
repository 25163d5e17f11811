package io.involution.layers;

import io.involution.compute.ImageChunks;
import io.involution.layers.array.FloatArrays;
import io.involution.layers.array.NativeReals;
import io.involution.layers.array.RealArrays;
import io.involution.layers.array.RealArrays.Operand;
import io.involution.layers.array.RealArrays.ProductShape;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A dense layer on the CPU in float32: products by OpenBLAS, as DL4J makes them, and the rest in
 * Java. Matrices are in row order; DL4J's weights [inputs, outputs] in column order are [outputs,
 * inputs].
 */
final class DenseProducts implements AutoCloseable {
  private static final RealArrays<float[]> REALS = FloatArrays.INSTANCE;

  /** Rows of the input that a thread takes: a multiple of what a kernel of OpenBLAS takes. */
  private static final int BLOCK = 64;

  /** Multiply-adds of such a part: OpenBLAS has other kernels for up to a million. */
  private static final long LEAST_PART = 4_000_000;

  private final boolean onHost = Nd4j.getEnvironment().isCPU();
  private final float floor;
  private float[] output = new float[0];
  private float[] delta = new float[0];
  private NativeReals<float[]> scratch;

  /**
   * For one layer.
   *
   * @param relu whether a ReLU follows
   */
  DenseProducts(boolean relu) {
    floor = relu ? 0 : Float.NEGATIVE_INFINITY;
  }

  /**
   * Whether the layer runs on the CPU, has a bias and none of DL4J's optional features, and has an
   * input that can be read in place.
   */
  boolean suits(BaseLayer<? extends FeedForwardLayer> layer) {
    FeedForwardLayer conf = layer.layerConf();
    return onHost
        && layer.hasBias()
        && !layer.hasLayerNorm()
        && layer.getMaskArray() == null
        && conf.getIDropout() == null
        && conf.getWeightNoise() == null
        && takes(layer.input());
  }

  /** Whether an array can be read in place. */
  static boolean takes(INDArray array) {
    return array.dataType() == DataType.FLOAT
        && array.rank() == 2
        && array.ordering() == 'c'
        && Shape.hasDefaultStridesForShape(array);
  }

  /**
   * Computes {@code input weights + biases} of a suitable layer, followed by the ReLU if there is
   * one.
   */
  INDArray forward(BaseLayer<? extends FeedForwardLayer> layer, LayerWorkspaceMgr workspaces) {
    INDArray input = layer.input();
    INDArray weights = layer.getParam(DefaultParamInitializer.WEIGHT_KEY);
    int inputs = Math.toIntExact(weights.size(0));
    int outputs = Math.toIntExact(weights.size(1));
    INDArray result =
        workspaces.createUninitialized(
            ArrayType.ACTIVATIONS, input.dataType(), new long[] {input.size(0), outputs}, 'c');
    int rows = prepare(input, outputs);
    // The result in column order, as DL4J computes it: in row order it rounds differently.
    multiply(new ProductShape(outputs, rows, inputs), REALS.view(weights), REALS.view(input));
    scratch.get(0, delta, 0, delta.length);
    float[] bias = new float[outputs];
    REALS.view(layer.getParam(DefaultParamInitializer.BIAS_KEY)).get(0, bias, 0, outputs);
    for (int column = 0; column < outputs; column++) {
      addBias(delta, column * rows, rows, bias[column]);
    }
    REALS.transpose(delta, outputs, rows, output);
    REALS.view(result).put(0, output, 0, output.length);
    return result;
  }

  /**
   * The product of weights and transposed input in scratch. A large one is divided among threads by
   * rows of the input, which depend on the sizes alone.
   */
  private void multiply(
      ProductShape whole, NativeReals<float[]> weights, NativeReals<float[]> input) {
    int rows = whole.columns();
    int inputs = whole.inner();
    boolean large = (long) BLOCK * whole.rows() * inputs >= LEAST_PART;
    int blocks = large ? Math.max(1, rows / BLOCK) : 1;
    ImageChunks.run(
        blocks,
        (thread, part) -> {
          int from = part.from() * BLOCK;
          int to = part.to() == blocks ? rows : part.to() * BLOCK;
          REALS.multiply(
              new ProductShape(whole.rows(), to - from, inputs),
              new Operand<>(weights, 0, inputs, false),
              new Operand<>(input.shared(), from * inputs, inputs, true),
              new Operand<>(scratch.shared(), from, rows, false),
              false);
        });
  }

  private void addBias(float[] values, int start, int count, float bias) {
    float least = floor;
    for (int i = start; i < start + count; i++) {
      values[i] = Math.max(least, values[i] + bias);
    }
  }

  private int prepare(INDArray input, int outputs) {
    int rows = Math.toIntExact(input.size(0));
    if (output.length != rows * outputs) {
      close();
      output = new float[rows * outputs];
      delta = new float[rows * outputs];
      scratch = REALS.allocate(delta.length);
    }
    return rows;
  }

  /**
   * Writes the gradients of the last forward pass of a layer with a ReLU.
   *
   * @param epsilon gradient with respect to the output
   * @param gradients gradients with respect to the weights, the biases and the input
   */
  void backward(INDArray input, INDArray weights, INDArray epsilon, INDArray... gradients) {
    int rows = Math.toIntExact(input.size(0));
    int inputs = Math.toIntExact(weights.size(0));
    int outputs = Math.toIntExact(weights.size(1));
    REALS.view(epsilon).get(0, delta, 0, delta.length);
    float[] sums = new float[outputs];
    for (int row = 0; row < rows; row++) {
      cutOff(delta, output, row * outputs, sums);
    }
    scratch.put(0, delta, 0, delta.length);
    REALS.view(gradients[1]).put(0, sums, 0, outputs);
    Operand<float[]> from = new Operand<>(REALS.view(input), 0, inputs, false);
    Operand<float[]> by = new Operand<>(REALS.view(weights), 0, inputs, false);
    Operand<float[]> weightGradient = new Operand<>(REALS.view(gradients[0]), 0, inputs, false);
    Operand<float[]> inputGradient = new Operand<>(REALS.view(gradients[2]), 0, inputs, false);
    // Two independent products: one for each of two threads.
    ImageChunks.run(
        2,
        (thread, half) -> {
          if (half.number() == 0) {
            ProductShape shape = new ProductShape(outputs, inputs, rows);
            REALS.multiply(shape, delta(outputs, true), from, weightGradient, false);
          } else {
            ProductShape shape = new ProductShape(rows, inputs, outputs);
            REALS.multiply(shape, delta(outputs, false), by, inputGradient, false);
          }
        });
  }

  private Operand<float[]> delta(int outputs, boolean transposed) {
    return new Operand<>(scratch, 0, outputs, transposed);
  }

  private static void cutOff(float[] delta, float[] output, int at, float[] sums) {
    for (int i = 0; i < sums.length; i++) {
      float passed = output[at + i] > 0 ? delta[at + i] : 0f;
      delta[at + i] = passed;
      sums[i] += passed;
    }
  }

  /** Frees the scratch memory; the next step allocates it again. */
  @Override
  public void close() {
    if (scratch != null) {
      scratch.close();
      scratch = null;
      output = new float[0];
    }
  }
}
