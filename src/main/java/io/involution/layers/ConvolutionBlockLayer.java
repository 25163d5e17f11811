package io.involution.layers;

import io.involution.compute.NativeThreads;
import io.involution.layers.array.RealArrays;
import io.involution.layers.convolution.ConvolutionKernel;
import io.involution.layers.convolution.ConvolutionPath;
import io.involution.layers.convolution.ConvolutionShape;
import io.involution.layers.convolution.DeviceConvolution;
import io.involution.layers.convolution.pointwise.PointwiseConvolution;
import io.involution.layers.convolution.rows.RowConvolution;
import io.involution.layers.convolution.winograd.DeepWinogradConvolution;
import io.involution.layers.convolution.winograd.WinogradConvolution;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The running layer of a {@link ConvolutionBlock}: computed by {@link ConvolutionKernel} on the
 * CPU, and by {@link DeviceConvolution} on any other backend.
 */
final class ConvolutionBlockLayer extends ImageLayerRun<ConvolutionBlock> {
  private static final long serialVersionUID = 1;

  private transient boolean onDevice = !Nd4j.getEnvironment().isCPU();
  private transient ConvolutionKernel<?> kernel;
  private transient DeviceConvolution device;

  ConvolutionBlockLayer(NeuralNetConfiguration conf, DataType type) {
    super(conf, type);
  }

  /** Uses ND4J's operations on any backend. */
  void forceDevice() {
    onDevice = true;
  }

  /** The array of a parameter's gradient. */
  INDArray gradientView(String parameter) {
    return gradientViews.get(parameter);
  }

  @Override
  public Type type() {
    return Type.CONVOLUTIONAL;
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    applyDropOutIfNecessary(training, workspaces);
    input = images(input, workspaces);
    ConvolutionShape shape = shape();
    INDArray weights = getParam(ConvolutionBlock.WEIGHTS);
    INDArray biases = biases();
    INDArray output =
        output(workspaces, input.size(0), shape.filters, shape.finalHeight, shape.finalWidth);
    if (onDevice) {
      device.forward(input, weights, biases, output, workspaces);
    } else {
      kernel.forward(training, input, weights, biases, output);
    }
    return output;
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    assertInputSet(true);
    INDArray outputGradients = contiguous(epsilon, ArrayType.BP_WORKING_MEM, workspaces);
    INDArray weightGradients = gradientViews.get(ConvolutionBlock.WEIGHTS);
    INDArray biasGradients =
        layerConf().hasBias() ? gradientViews.get(ConvolutionBlock.BIASES) : null;
    INDArray inputGradients = inputGradient(workspaces);
    if (onDevice) {
      INDArray weights = getParam(ConvolutionBlock.WEIGHTS);
      device.backward(
          new DeviceConvolution.Step(input, weights, outputGradients),
          weightGradients,
          biasGradients,
          inputGradients);
    } else {
      prepareBackward(outputGradients);
      INDArray wanted = layerConf().hasFrozenFilters() ? null : weightGradients;
      kernel.backward(input, outputGradients, wanted, biasGradients, inputGradients);
    }
    if (layerConf().hasFrozenFilters()) {
      // What is in the gradient would be subtracted, or limit the others' norm.
      weightGradients.assign(0);
    }
    Gradient gradients = new DefaultGradient();
    if (biasGradients != null) {
      gradients.setGradientFor(ConvolutionBlock.BIASES, biasGradients);
    }
    gradients.setGradientFor(ConvolutionBlock.WEIGHTS, weightGradients, 'c');
    return new Pair<>(
        gradients, inputGradients == null ? null : backpropDropOutIfPresent(inputGradients));
  }

  /** Repeats a forward pass that was not for training, as a frozen layer's is. */
  private void prepareBackward(INDArray outputGradients) {
    if (!kernel.isReadyForBackward()) {
      try (INDArray again = Nd4j.createUninitialized(dataType, outputGradients.shape(), 'c')) {
        kernel.forward(true, input, getParam(ConvolutionBlock.WEIGHTS), biases(), again);
      }
    }
  }

  /** The biases; null if there are none. */
  private INDArray biases() {
    return layerConf().hasBias() ? getParam(ConvolutionBlock.BIASES) : null;
  }

  /**
   * Creates the code for the input's image size once, and reuses it for steps with the same size.
   */
  private ConvolutionShape shape() {
    long height = input.size(2);
    long width = input.size(3);
    if (onDevice) {
      if (device == null || !device.shape().fits(height, width)) {
        device = new DeviceConvolution(layerConf().shape(height, width));
      }
      return device.shape();
    }
    if (kernel == null || !kernel.shape().fits(height, width)) {
      release();
      NativeThreads.useOne();
      kernel = kernel(RealArrays.of(dataType), layerConf().shape(height, width));
    }
    return kernel.shape();
  }

  /** Chooses the path by the shape alone, because the bits of the result depend on the path. */
  private static <A> ConvolutionKernel<A> kernel(RealArrays<A> reals, ConvolutionShape shape) {
    return new ConvolutionKernel<>(reals, shape, path(reals, shape));
  }

  private static <A> ConvolutionPath<A> path(RealArrays<A> reals, ConvolutionShape shape) {
    if (PointwiseConvolution.suits(shape)) {
      return new PointwiseConvolution<>(reals, shape);
    }
    if (DeepWinogradConvolution.suits(shape)) {
      return new DeepWinogradConvolution<>(reals, shape);
    }
    return WinogradConvolution.suits(shape)
        ? new WinogradConvolution<>(reals, shape)
        : new RowConvolution<>(reals, shape);
  }

  /** Elements outside the heap that a minibatch takes at least, on one thread. */
  static long nativeLength(ConvolutionShape shape, int images) {
    try (ConvolutionPath<?> path = path(RealArrays.of(DataType.FLOAT), shape)) {
      return path.nativeLength(images);
    }
  }

  /** Elements for each image in an array that training keeps; 0 without one of all images. */
  static long keptLength(ConvolutionShape shape) {
    return DeepWinogradConvolution.suits(shape) ? DeepWinogradConvolution.keptLength(shape) : 0;
  }

  @Override
  void release() {
    if (kernel != null) {
      kernel.close();
      kernel = null;
    }
  }
}
