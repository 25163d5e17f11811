package io.involution.layers;

import io.involution.layers.convolution.ConvolutionShape;
import java.util.Collection;
import java.util.Objects;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.InputTypeUtil;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Convolution, bias, ReLU and, where wanted, a 2x2 max-pool of stride 2, as one layer. Input {@code
 * [images, nIn, height, width]}, output {@code [images, nOut, height', width']}, both float32 or
 * both float64:
 *
 * <pre>
 * z[n,f,y,x] = b[f] + sum over c,i,j of W[f,c,i,j] * input[n, c, stride*y + i - top, stride*x + j - left]
 * output     = pool(max(z, 0))
 * </pre>
 *
 * <p>as Keras' {@code Conv2D} and {@code MaxPooling2D} define it (a cross-correlation). SAME
 * padding gives {@code ceil(size / stride)} rows and columns and puts an odd rest of the padding at
 * the bottom and right; VALID gives {@code (size - kernelSize) / stride + 1}. The pool drops a last
 * odd row or column. Weights start Glorot-uniform, biases at zero. The parameters are {@code W
 * [nOut, nIn, kernelSize, kernelSize]} and {@code b [1, nOut]}, in the parameter vector in DL4J's
 * order of a convolution: the bias first.
 */
public final class ConvolutionBlock extends FeedForwardLayer {
  private static final long serialVersionUID = 1;

  private int kernelSize;
  private int stride;
  private boolean same;
  private boolean pool;
  private boolean inputGradient;

  /** For reading from JSON. */
  @SuppressWarnings("unused")
  private ConvolutionBlock() {}

  private ConvolutionBlock(Builder builder) {
    super(builder);
    kernelSize = builder.kernelSize;
    stride = builder.stride;
    same = builder.same;
    pool = builder.pool;
    inputGradient = builder.inputGradient;
    initializeConstraints(builder);
    require(kernelSize >= 1, "the kernel size must be at least 1, not " + kernelSize);
    require(stride >= 1, "the stride must be at least 1, not " + stride);
    require(
        activationFn instanceof ActivationReLU || activationFn instanceof ActivationIdentity,
        "the activation must be RELU or IDENTITY, not " + activationFn);
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }

  /** Rows and columns of a filter. */
  public int getKernelSize() {
    return kernelSize;
  }

  /** Rows and columns from one output to the next. */
  public int getStride() {
    return stride;
  }

  /** Whether images are padded with zeros (SAME); otherwise filters stay inside them (VALID). */
  public boolean isSame() {
    return same;
  }

  /** Whether a 2x2 max-pool of stride 2 follows. */
  public boolean isPool() {
    return pool;
  }

  /** Whether a ReLU follows the bias. */
  public boolean isRelu() {
    return activationFn instanceof ActivationReLU;
  }

  /** Whether the gradient of the input is computed; a network's first layer has no use for it. */
  public boolean isInputGradient() {
    return inputGradient;
  }

  @Override
  public boolean equals(Object other) {
    return super.equals(other)
        && other instanceof ConvolutionBlock block
        && kernelSize == block.kernelSize
        && stride == block.stride
        && same == block.same
        && pool == block.pool
        && inputGradient == block.inputGradient;
  }

  @Override
  public int hashCode() {
    return Objects.hash(super.hashCode(), kernelSize, stride, same, pool, inputGradient);
  }

  @Override
  public String toString() {
    return "ConvolutionBlock(%d -> %d, kernel %d, stride %d, %s%s%s)"
        .formatted(
            nIn,
            nOut,
            kernelSize,
            stride,
            same ? "SAME" : "VALID",
            isRelu() ? ", ReLU" : "",
            pool ? ", pool" : "");
  }

  @Override
  public ConvolutionBlock clone() {
    return (ConvolutionBlock) super.clone();
  }

  @Override
  public Layer instantiate(
      NeuralNetConfiguration conf,
      Collection<TrainingListener> listeners,
      int layerIndex,
      INDArray parameters,
      boolean initialize,
      DataType type) {
    if (weightNoise != null) {
      throw new DL4JInvalidConfigException("layer " + getLayerName() + " takes no weight noise");
    }
    return LayerStart.of(
        new ConvolutionBlockLayer(conf, type),
        listeners,
        layerIndex,
        parameters,
        initializer().init(conf, parameters, initialize));
  }

  @Override
  public ParamInitializer initializer() {
    return ConvolutionBlockParameters.INSTANCE;
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType inputType) {
    InputType.InputTypeConvolutional images = images(inputType);
    ConvolutionShape shape = shape(images.getHeight(), images.getWidth());
    return InputType.convolutional(shape.finalHeight, shape.finalWidth, nOut);
  }

  /** The sizes for images of some height and width. */
  ConvolutionShape shape(long height, long width) {
    ConvolutionShape.Filters filters =
        new ConvolutionShape.Filters(nIn, nOut, kernelSize, stride, same);
    ConvolutionShape shape = new ConvolutionShape(filters, isRelu(), pool, height, width);
    if (shape.finalHeight < 1 || shape.finalWidth < 1) {
      throw new DL4JInvalidConfigException(
          "layer " + getLayerName() + ": images of " + height + "x" + width + " are too small");
    }
    return shape;
  }

  @Override
  public void setNIn(InputType inputType, boolean override) {
    if (nIn <= 0 || override) {
      nIn = images(inputType).getChannels();
    }
  }

  @Override
  public InputPreProcessor getPreProcessorForInputType(InputType inputType) {
    return InputTypeUtil.getPreProcessorForInputTypeCnnLayers(inputType, getLayerName());
  }

  @Override
  public LayerMemoryReport getMemoryReport(InputType inputType) {
    long parameters = initializer().numParams(this);
    return new LayerMemoryReport.Builder(
            layerName, ConvolutionBlock.class, inputType, getOutputType(-1, inputType))
        .standardMemory(parameters, getIUpdater().stateSize(parameters))
        .workingMemory(0, 0, 0, 0)
        .cacheMemory(0, 0)
        .build();
  }

  private InputType.InputTypeConvolutional images(InputType inputType) {
    if (inputType instanceof InputType.InputTypeConvolutional images
        && images.getFormat() == CNN2DFormat.NCHW) {
      return images;
    }
    throw new DL4JInvalidConfigException(
        "layer " + getLayerName() + " takes images in NCHW order, not " + inputType);
  }

  /** Builder of a {@link ConvolutionBlock}: kernel 3, stride 1, SAME, ReLU, no pool by default. */
  public static final class Builder extends FeedForwardLayer.Builder<Builder> {
    private int kernelSize = 3;
    private int stride = 1;
    private boolean same = true;
    private boolean pool;
    private boolean inputGradient = true;

    /** Starts from the defaults. */
    public Builder() {
      activation(Activation.RELU);
    }

    /** Sets the rows and columns of a filter; at least 1. */
    public Builder kernelSize(int size) {
      kernelSize = size;
      return this;
    }

    /** Sets the rows and columns from one output to the next; at least 1. */
    public Builder stride(int step) {
      stride = step;
      return this;
    }

    /** Pads with zeros to keep the size (true, SAME) or not at all (false, VALID). */
    public Builder same(boolean padded) {
      same = padded;
      return this;
    }

    /** Adds a 2x2 max-pool of stride 2. */
    public Builder pool(boolean pooled) {
      pool = pooled;
      return this;
    }

    /** Says whether the layer before this one needs a gradient; not so for the first layer. */
    public Builder inputGradient(boolean wanted) {
      inputGradient = wanted;
      return this;
    }

    /** Sets {@code RELU} or {@code IDENTITY}. */
    @Override
    public Builder activation(IActivation function) {
      return super.activation(function);
    }

    @Override
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    public <E extends org.deeplearning4j.nn.conf.layers.Layer> E build() {
      return (E) new ConvolutionBlock(this);
    }
  }
}
