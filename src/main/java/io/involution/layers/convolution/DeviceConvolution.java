package io.involution.layers.convolution;

import java.util.Arrays;
import java.util.Objects;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A convolution block by ND4J's own operations, for accelerators: {@code conv2d} and {@code
 * maxpool2d} reach cuDNN, which DL4J's convolution layer does not. Runs on the CPU backend as well.
 */
public final class DeviceConvolution {
  /** ND4J's code for images in NCHW order. */
  private static final int NCHW = 0;

  /** ND4J's code for weights in the order [filters, channels, height, width]. */
  private static final int FILTERS_FIRST = 1;

  private final ConvolutionShape shape;
  private final int[] convolution;

  /** ND4J's SAME fails if a stride skips the last rows: it computes a negative padding. */
  private final boolean padsItself;

  /** Convolution outputs after the ReLU, before the pool, of the last training step. */
  private INDArray rectified;

  /** The code for one image size. */
  public DeviceConvolution(ConvolutionShape shape) {
    this.shape = shape;
    padsItself = shape.same && Math.min(shape.missingHeight(), shape.missingWidth()) < 0;
    int same = shape.same && !padsItself ? 1 : 0;
    int k = shape.kernelSize;
    int s = shape.stride;
    convolution = new int[] {k, k, s, s, 0, 0, 1, 1, same, NCHW, FILTERS_FIRST};
  }

  /** The sizes that it was created for. */
  public ConvolutionShape shape() {
    return shape;
  }

  /**
   * Computes the outputs.
   *
   * @param input {@code [images, channels, height, width]}
   * @param weights {@code [filters, channels, kernelSize, kernelSize]}
   * @param biases {@code [1, filters]}; null if there are none
   * @param output {@code [images, filters, finalHeight, finalWidth]}; overwritten
   */
  public void forward(
      INDArray input,
      INDArray weights,
      INDArray biases,
      INDArray output,
      LayerWorkspaceMgr workspaces) {
    long[] size = {input.size(0), shape.filters, shape.outHeight, shape.outWidth};
    rectified =
        shape.pool
            ? workspaces.createUninitialized(ArrayType.ACTIVATIONS, input.dataType(), size, 'c')
            : output;
    Nd4j.exec(
        DynamicCustomOp.builder("conv2d")
            .addInputs(withBiases(padded(input), weights, flat(biases)))
            .addOutputs(rectified)
            .addIntegerArguments(convolution)
            .build());
    if (shape.relu) {
      Nd4j.exec(
          DynamicCustomOp.builder("relu")
              .addInputs(rectified)
              .addOutputs(rectified)
              .addFloatingPointArguments(0.0)
              .build());
    }
    if (shape.pool) {
      Nd4j.exec(pool("maxpool2d").addInputs(rectified).addOutputs(output).build());
    }
  }

  /**
   * Fills in the gradients after {@link #forward} of the same input and weights; those of biases
   * and input may be null.
   */
  public void backward(
      Step step, INDArray weightGradients, INDArray biasGradients, INDArray inputGradients) {
    INDArray gradients = step.outputGradients();
    if (shape.pool) {
      INDArray spread = Nd4j.createUninitialized(gradients.dataType(), rectified.shape(), 'c');
      Nd4j.exec(pool("maxpool2d_bp").addInputs(rectified, gradients).addOutputs(spread).build());
      gradients = spread;
    }
    if (shape.relu) {
      gradients = gradients.mul(rectified.gt(0).castTo(gradients.dataType()));
    }
    INDArray biases = flat(biasGradients);
    INDArray input = padded(step.input());
    boolean direct = inputGradients != null && !padsItself;
    INDArray pixels =
        direct ? inputGradients : Nd4j.createUninitialized(input.dataType(), input.shape(), 'c');
    Nd4j.exec(
        DynamicCustomOp.builder("conv2d_bp")
            .addInputs(withBiases(input, step.weights(), biases, gradients))
            .addOutputs(withBiases(pixels, weightGradients, biases))
            .addIntegerArguments(convolution)
            .build());
    if (inputGradients != null && !direct) {
      inputGradients.assign(inside(pixels));
    }
  }

  private static INDArray flat(INDArray biases) {
    return biases == null ? null : biases.reshape(biases.length());
  }

  /** The operation's arrays, of which those of the biases may be missing. */
  private static INDArray[] withBiases(INDArray... arrays) {
    return Arrays.stream(arrays).filter(Objects::nonNull).toArray(INDArray[]::new);
  }

  private INDArray padded(INDArray input) {
    if (!padsItself) {
      return input;
    }
    int rows = shape.height + Math.max(0, shape.missingHeight());
    int columns = shape.width + Math.max(0, shape.missingWidth());
    INDArray padded = Nd4j.zeros(input.dataType(), input.size(0), shape.channels, rows, columns);
    inside(padded).assign(input);
    return padded;
  }

  private INDArray inside(INDArray padded) {
    return padded.get(
        NDArrayIndex.all(),
        NDArrayIndex.all(),
        NDArrayIndex.interval(shape.padTop, shape.padTop + shape.height),
        NDArrayIndex.interval(shape.padLeft, shape.padLeft + shape.width));
  }

  private static DynamicCustomOp.DynamicCustomOpsBuilder pool(String operation) {
    return DynamicCustomOp.builder(operation)
        .addIntegerArguments(2, 2, 2, 2, 0, 0, 1, 1, 0, 0, NCHW);
  }

  /**
   * What a backward pass reads and writes.
   *
   * @param input images
   * @param weights the convolution's weights
   * @param outputGradients gradients of the block's outputs
   */
  public record Step(INDArray input, INDArray weights, INDArray outputGradients) {}
}
