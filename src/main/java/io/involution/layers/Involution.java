package io.involution.layers;

import io.involution.layers.involution.GroupOrder;
import io.involution.layers.involution.InvolutionShape;
import io.involution.layers.involution.ParameterOffsets;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.InputTypeUtil;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.nn.weights.WeightInitXavierUniform;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.regularization.Regularization;

/**
 * Configuration of an involution (Li et al., "Involution: Inverting the Inherence of Convolution
 * for Visual Recognition", CVPR 2021): every position of the image gets a kernel of its own,
 * generated from the pixel there and shared by the channels of a group.
 *
 * <p>For input X[N, C, H, W] and stride s: the kernel input is X, average-pooled s x s with SAME
 * padding when s &gt; 1; kernel[N, K*K, G, H', W'] = Conv1x1(-&gt; K*K*G) of ReLU of BatchNorm of
 * Conv1x1(C -&gt; max(1, channel / reductionRatio)); output[n, c, h, w] = sum over taps t of
 * kernel[n, t, g(c), h, w] * patch_t(X)[n, c, h, w], with SAME zero padding. The output has C
 * channels whatever {@code channel} is, and ceil(H / s) rows. A ReLU and a 2x2 max-pool can follow
 * in the same pass; the max-pool drops an odd last row and column.
 *
 * <p>The activation that a network sets for all its layers does not apply: {@link
 * Builder#relu(boolean)} does. Weight noise is refused.
 */
public final class Involution extends FeedForwardLayer implements BatchStatistics {
  private static final long serialVersionUID = 1L;

  private int channel;
  private int groups;
  private int kernelSize;
  private int stride;
  private int reductionRatio;
  private GroupOrder groupOrder;
  private boolean relu;
  private boolean pool;
  private boolean inputGradient;

  /** For the JSON reader, which sets the fields afterwards. */
  Involution() {}

  private Involution(Builder builder) {
    super(builder);
    channel = builder.channel;
    groups = atLeastOne("groups", builder.groups);
    kernelSize = atLeastOne("kernelSize", builder.kernelSize);
    stride = atLeastOne("stride", builder.stride);
    reductionRatio = atLeastOne("reductionRatio", builder.reductionRatio);
    groupOrder = Objects.requireNonNull(builder.groupOrder, "groupOrder");
    relu = builder.relu;
    pool = builder.pool;
    inputGradient = builder.inputGradient;
    if (weightInitFn == null) {
      weightInitFn = new WeightInitXavierUniform();
    }
    if (nIn > 0) {
      acceptChannels(nIn);
    }
  }

  private static int atLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1, not " + value);
    }
    return value;
  }

  /** Fixes the channel counts once the input's is known. */
  private void acceptChannels(long inputChannels) {
    if (inputChannels % groups != 0) {
      throw new IllegalArgumentException(
          "groups must divide the input's channels: " + groups + ", " + inputChannels);
    }
    nIn = inputChannels;
    nOut = inputChannels;
    if (channel < 1) {
      channel = (int) inputChannels;
    }
  }

  /** The channel count that the reduction starts from; the input's unless set. */
  public int getChannel() {
    return channel;
  }

  /** Number of groups G: channels of one group share their kernels. */
  public int getGroups() {
    return groups;
  }

  /** Rows and columns K of the generated kernels. */
  public int getKernelSize() {
    return kernelSize;
  }

  /** Distance of neighbouring patches in rows and columns. */
  public int getStride() {
    return stride;
  }

  /** How many times fewer channels the kernel generation works with. */
  public int getReductionRatio() {
    return reductionRatio;
  }

  /** How channels are dealt to groups. */
  public GroupOrder getGroupOrder() {
    return groupOrder;
  }

  /** Whether a ReLU follows in the same pass. */
  public boolean isRelu() {
    return relu;
  }

  /** Whether a 2x2 max-pool with stride 2 follows in the same pass. */
  public boolean isPool() {
    return pool;
  }

  /** Whether the backward pass computes the gradient of the input. */
  public boolean isInputGradient() {
    return inputGradient;
  }

  /** Channels R between the two 1x1 convolutions: max(1, floor(channel / reductionRatio)). */
  public int reducedChannels() {
    return Math.max(1, channel / reductionRatio);
  }

  @Override
  public List<String> statisticKeys() {
    return List.of(ParameterOffsets.MEAN, ParameterOffsets.VARIANCE);
  }

  @Override
  public org.deeplearning4j.nn.api.Layer instantiate(
      NeuralNetConfiguration conf,
      Collection<TrainingListener> listeners,
      int layerIndex,
      INDArray layerParamsView,
      boolean initializeParams,
      DataType networkDataType) {
    if (weightNoise != null) {
      throw new IllegalArgumentException("weight noise does not apply to layer " + layerName);
    }
    return LayerStart.of(
        new InvolutionLayer(conf, networkDataType),
        listeners,
        layerIndex,
        layerParamsView,
        initializer().init(conf, layerParamsView, initializeParams));
  }

  @Override
  public ParamInitializer initializer() {
    return InvolutionParameters.INSTANCE;
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType inputType) {
    InputType.InputTypeConvolutional images = images(inputType);
    long height = images.getHeight();
    long width = images.getWidth();
    InvolutionShape shape = shape(height, width);
    if (shape.pooledHeight() < 1 || shape.pooledWidth() < 1) {
      throw new IllegalArgumentException(
          "nothing is left of " + height + "x" + width + " after the max-pool of " + layerName);
    }
    return InputType.convolutional(shape.pooledHeight(), shape.pooledWidth(), images.getChannels());
  }

  /** The sizes for images of some height and width. */
  InvolutionShape shape(long height, long width) {
    return new InvolutionShape(
        new InvolutionShape.Generator((int) nIn, reducedChannels(), kernelSize, groups, groupOrder),
        stride,
        new InvolutionShape.Pass(relu, pool, inputGradient),
        height,
        width);
  }

  /** Where the layer's parameters are in its part of the vector. */
  ParameterOffsets offsets() {
    return new ParameterOffsets((int) nIn, reducedChannels(), kernelSize * kernelSize * groups);
  }

  private InputType.InputTypeConvolutional images(InputType inputType) {
    if (inputType instanceof InputType.InputTypeConvolutional images
        && images.getFormat() == CNN2DFormat.NCHW) {
      return images;
    }
    throw new IllegalArgumentException(
        "layer " + layerName + " takes images [N, C, H, W], not " + inputType);
  }

  @Override
  public void setNIn(InputType inputType, boolean override) {
    if (nIn <= 0 || override) {
      acceptChannels(images(inputType).getChannels());
    }
  }

  @Override
  public InputPreProcessor getPreProcessorForInputType(InputType inputType) {
    return InputTypeUtil.getPreProcessorForInputTypeCnnLayers(inputType, layerName);
  }

  @Override
  public IUpdater getUpdaterByParam(String key) {
    return statisticKeys().contains(key) ? new NoOp() : super.getUpdaterByParam(key);
  }

  @Override
  public List<Regularization> getRegularizationByParam(String key) {
    if (initializer().isWeightParam(this, key)) {
      return regularization;
    }
    return initializer().isBiasParam(this, key) ? regularizationBias : null;
  }

  @Override
  public LayerMemoryReport getMemoryReport(InputType inputType) {
    InputType outputType = getOutputType(-1, inputType);
    long parameters = initializer().numParams(this);
    long updaterState = iUpdater == null ? 0 : iUpdater.stateSize(parameters);
    long padded = inputType.arrayElementsPerExample() * 2;
    return new LayerMemoryReport.Builder(layerName, Involution.class, inputType, outputType)
        .standardMemory(parameters, updaterState)
        .workingMemory(0, padded, 0, padded + outputType.arrayElementsPerExample())
        .cacheMemory(MemoryReport.CACHE_MODE_ALL_ZEROS, MemoryReport.CACHE_MODE_ALL_ZEROS)
        .build();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Involution that
        && super.equals(other)
        && settings().equals(that.settings());
  }

  @Override
  protected boolean canEqual(Object other) {
    return other instanceof Involution;
  }

  @Override
  public int hashCode() {
    return 31 * super.hashCode() + settings().hashCode();
  }

  @Override
  public String toString() {
    return "Involution(channels="
        + nIn
        + ", channel="
        + channel
        + ", groups="
        + groups
        + " "
        + groupOrder
        + ", kernelSize="
        + kernelSize
        + ", stride="
        + stride
        + ", reductionRatio="
        + reductionRatio
        + ", relu="
        + relu
        + ", pool="
        + pool
        + ")";
  }

  private List<Object> settings() {
    return List.of(
        channel, groups, kernelSize, stride, reductionRatio, groupOrder, relu, pool, inputGradient);
  }

  /** Collects the settings of an {@link Involution}; the defaults are those of the network. */
  @SuppressWarnings("unchecked") // the type variable of build() is its caller's wish only
  public static final class Builder extends FeedForwardLayer.Builder<Builder> {
    private int channel;
    private int groups = 1;
    private int kernelSize = 3;
    private int stride = 1;
    private int reductionRatio = 1;
    private GroupOrder groupOrder = GroupOrder.INTERLEAVED;
    private boolean relu;
    private boolean pool;
    private boolean inputGradient = true;

    /** Sets the channel count that the reduction starts from (default: the input's channels). */
    public Builder channel(int value) {
      channel = atLeastOne("channel", value);
      return this;
    }

    /** Sets the number of groups, which must divide the input's channels (default 1). */
    public Builder groups(int value) {
      groups = value;
      return this;
    }

    /** Sets the rows and columns of the kernels (default 3). */
    public Builder kernelSize(int value) {
      kernelSize = value;
      return this;
    }

    /** Sets the distance of neighbouring patches (default 1). */
    public Builder stride(int value) {
      stride = value;
      return this;
    }

    /** Sets how many times fewer channels the kernel generation works with (default 1). */
    public Builder reductionRatio(int value) {
      reductionRatio = value;
      return this;
    }

    /** Sets how channels are dealt to groups (default interleaved). */
    public Builder groupOrder(GroupOrder value) {
      groupOrder = value;
      return this;
    }

    /** Sets whether a ReLU follows (default no). */
    public Builder relu(boolean value) {
      relu = value;
      return this;
    }

    /** Sets whether a 2x2 max-pool with stride 2 follows (default no). */
    public Builder pool(boolean value) {
      pool = value;
      return this;
    }

    /** Sets whether the input's gradient is computed (default yes; a first layer needs none). */
    public Builder inputGradient(boolean value) {
      inputGradient = value;
      return this;
    }

    @Override
    public Involution build() {
      return new Involution(this);
    }
  }
}
