package io.involution.layers;

import io.involution.layers.settings.LayerStart;
import io.involution.layers.settings.SettingsLayer;
import io.involution.optimizer.Muon;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.api.layers.LayerConstraint;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeConvolutional;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.InputTypeUtil;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.regularization.Regularization;

/**
 * The common part of {@link ConvolutionBlock} and {@link Involution}: images [N, C, H, W], a square
 * window that moves over them, and an optional 2x2 max-pool of stride 2 in the same pass.
 */
abstract class ImageLayer extends SettingsLayer implements UntrainedParameters {
  private static final long serialVersionUID = 1L;

  // model.zip contains the names of these fields.
  private int kernelSize;
  private int stride;
  private boolean pool;
  private boolean inputGradient;

  /** For the JSON reader, which sets the fields afterwards. */
  ImageLayer() {}

  ImageLayer(Builder<?> builder) {
    super(builder);
    kernelSize = atLeastOne("kernel size", builder.kernelSize);
    stride = atLeastOne("stride", builder.stride);
    pool = builder.pool;
    inputGradient = builder.inputGradient;
  }

  /** A value that a layer or its network may set. */
  static double orElse(double value, double byDefault) {
    return Double.isNaN(value) ? byDefault : value;
  }

  /**
   * Number of the layer's parameters.
   *
   * @throws IllegalArgumentException if the number of channels is unknown
   */
  final long checkedParameterCount() {
    if (nIn < 1 || nOut < 1) {
      throw LayerStart.unknownChannels(this);
    }
    return parameterCount();
  }

  static int atLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException("the " + name + " must be at least 1, not " + value);
    }
    return value;
  }

  /** Rows and columns of a filter or kernel. */
  public int getKernelSize() {
    return kernelSize;
  }

  /** Rows and columns from one output to the next. */
  public int getStride() {
    return stride;
  }

  /** Whether a 2x2 max-pool of stride 2 follows; it drops a last odd row or column. */
  public boolean isPool() {
    return pool;
  }

  /** Whether the input's gradient is computed; a network's first layer does not need it. */
  public boolean isInputGradient() {
    return inputGradient;
  }

  /** Rows and columns of the output for an image of a given size. */
  abstract int[] outputSize(long height, long width);

  /** Number of the layer's parameters. */
  abstract long parameterCount();

  /** Keys of the parameters that are weights. */
  abstract List<String> weightKeys();

  /** Keys of the parameters that are biases. */
  abstract List<String> biasKeys();

  /** Keys of all parameters. */
  abstract List<String> parameterKeys();

  /** Each parameter as a view of the layer's part of the parameter vector, in order. */
  abstract Map<String, INDArray> views(INDArray vector);

  /** Initializes the parameters. */
  abstract void initialize(Map<String, INDArray> views);

  @Override
  public final ParamInitializer initializer() {
    return ImageLayerParameters.INSTANCE;
  }

  @Override
  public final InputType getOutputType(int layerIndex, InputType inputType) {
    check();
    InputTypeConvolutional images = LayerStart.images(this, inputType);
    int[] size = outputSize(images.getHeight(), images.getWidth());
    if (size[0] < 1 || size[1] < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "layer %s: images of %dx%d are too small",
              layerName,
              images.getHeight(),
              images.getWidth()));
    }
    return InputType.convolutional(size[0], size[1], nOut);
  }

  /** Sets the constraints of the parameters that are trained. */
  @Override
  public void setConstraints(List<LayerConstraint> given) {
    super.setConstraints(LayerStart.trainedOnly(given, untrainedKeys()));
  }

  @Override
  public IUpdater getUpdaterByParam(String key) {
    if (untrainedKeys().contains(key)) {
      return new NoOp();
    }
    // Muon is for matrices: everything else has the updater of the biases.
    return getIUpdater() instanceof Muon && !weightKeys().contains(key)
        ? getBiasUpdater()
        : super.getUpdaterByParam(key);
  }

  @Override
  public List<Regularization> getRegularizationByParam(String key) {
    if (untrainedKeys().contains(key)) {
      return null;
    }
    if (weightKeys().contains(key)) {
      return regularization;
    }
    return biasKeys().contains(key) ? regularizationBias : null;
  }

  @Override
  public void setNIn(InputType inputType, boolean override) {
    if (nIn <= 0 || override) {
      nIn = LayerStart.images(this, inputType).getChannels();
    }
  }

  @Override
  public final InputPreProcessor getPreProcessorForInputType(InputType inputType) {
    return InputTypeUtil.getPreProcessorForInputTypeCnnLayers(inputType, layerName);
  }

  @Override
  public final String toString() {
    return getClass().getSimpleName() + "(" + nIn + " -> " + nOut + ", " + settings() + ")";
  }

  /** Collects the settings: kernel size 3, stride 1 and no pool by default. */
  abstract static class Builder<T extends Builder<T>> extends FeedForwardLayer.Builder<T> {
    private int kernelSize = 3;
    private int stride = 1;
    private boolean pool;
    private boolean inputGradient = true;

    @SuppressWarnings("unchecked")
    private T self() {
      return (T) this;
    }

    /** Sets the rows and columns of a filter or kernel; at least 1 (default 3). */
    public T kernelSize(int size) {
      kernelSize = size;
      return self();
    }

    /** Sets the rows and columns from one output to the next; at least 1 (default 1). */
    public T stride(int step) {
      stride = step;
      return self();
    }

    /** Sets whether a 2x2 max-pool of stride 2 follows (default no). */
    public T pool(boolean pooled) {
      pool = pooled;
      return self();
    }

    /**
     * Sets whether the input's gradient is computed (default yes; a first layer does not need it).
     */
    public T inputGradient(boolean wanted) {
      inputGradient = wanted;
      return self();
    }
  }
}
