package io.involution.layers;

import io.involution.layers.involution.BatchNorm;
import io.involution.layers.involution.GroupOrder;
import io.involution.layers.involution.InvolutionShape;
import io.involution.layers.involution.ParameterOffsets;
import io.involution.layers.settings.LayerStart;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.weights.WeightInitXavierUniform;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonInclude;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Configuration of an involution (Li et al., "Involution: Inverting the Inherence of Convolution
 * for Visual Recognition", CVPR 2021): every position of the image gets a kernel of its own,
 * generated from the pixel there and shared by the channels of a group.
 *
 * <p>For input X[N, C, H, W] and stride s: the kernel input is X, average-pooled s x s with SAME
 * padding when s &gt; 1; kernel[N, K*K, G, H', W'] = Conv1x1(-&gt; K*K*G) of ReLU of BatchNorm of
 * Conv1x1(C -&gt; max(1, channel / reductionRatio)); output[n, c, h, w] = sum over taps t of
 * kernel[n, t, g(c), h, w] * patch_t(X)[n, c, h, w], with SAME zero padding. The output always has
 * C channels, independent of {@code channel}, and ceil(H / s) rows. A ReLU and a 2x2 max-pool can
 * follow in the same pass; the max-pool drops an odd last row and column.
 *
 * <p>The activation that a network sets for all its layers does not apply: {@link
 * Builder#relu(boolean)} does. Weight noise is refused. Both 1x1 convolutions start Glorot-uniform
 * unless the layer says otherwise; biases start at {@code biasInit}, gamma at {@code gainInit},
 * beta and mean at 0, variance at 1. A number of outputs other than that of the inputs is refused.
 * With {@link Builder#identityStart()} and a small {@link Builder#spanScale}, a new layer of stride
 * 1 hands on nearly what it is given.
 */
public final class Involution extends ImageLayer implements BatchStatistics {
  /** Added to the variance in the BatchNorm. */
  public static final double EPSILON = BatchNorm.EPSILON;

  private static final long serialVersionUID = 1L;

  private int channel;
  private int groups;
  private int reductionRatio;
  private GroupOrder groupOrder;
  private boolean relu;

  // Written only where they were set: files of before have neither.
  @JsonProperty
  @JsonInclude(JsonInclude.Include.NON_NULL)
  private Double spanScale;

  @JsonProperty
  @JsonInclude(JsonInclude.Include.NON_DEFAULT)
  private boolean identityStart;

  /** For the JSON reader, which sets the fields afterwards. */
  Involution() {}

  private Involution(Builder builder) {
    super(builder);
    channel = builder.channel;
    groups = atLeastOne("number of groups", builder.groups);
    reductionRatio = atLeastOne("reduction ratio", builder.reductionRatio);
    groupOrder = Objects.requireNonNull(builder.groupOrder, "groupOrder");
    relu = builder.relu || LayerStart.isRelu(activationFn);
    spanScale = builder.spanScale;
    identityStart = builder.identityStart;
    initializeConstraints(builder);
    setConstraints(constraints);
    boolean fits =
        activationFn == null
            || LayerStart.isRelu(activationFn)
            || (activationFn instanceof ActivationIdentity && !relu);
    if (!fits) {
      throw LayerStart.wrongActivation(this, "RELU or IDENTITY, as relu(...) says it");
    }
    if (weightInitFn == null) {
      weightInitFn = new WeightInitXavierUniform();
    }
    if (nIn > 0) {
      acceptChannels();
    }
  }

  /** Sets the channel counts once the number of input channels is known. */
  private void acceptChannels() {
    if (nIn % groups != 0) {
      throw new IllegalArgumentException(
          "groups must divide the input's channels: " + groups + ", " + nIn);
    }
    if (nOut > 0 && nOut != nIn) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "an involution has as many outputs as inputs: leave out nOut(%d), the input has %d"
                  + " channels",
              nOut,
              nIn));
    }
    nOut = nIn;
    if (channel < 1) {
      channel = (int) nIn;
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

  /** Channel reduction ratio of the kernel generator. */
  public int getReductionRatio() {
    return reductionRatio;
  }

  /** How channels are assigned to groups. */
  public GroupOrder getGroupOrder() {
    return groupOrder;
  }

  /** Whether the channels of a group are adjacent, see {@link GroupOrder#CONTIGUOUS}. */
  public boolean hasContiguousGroups() {
    return groupOrder == GroupOrder.CONTIGUOUS;
  }

  /** Whether a ReLU follows in the same pass. */
  public boolean isRelu() {
    return relu;
  }

  /** Channels R between the two 1x1 convolutions: max(1, floor(channel / reductionRatio)). */
  public int reducedChannels() {
    return Math.max(1, channel / reductionRatio);
  }

  @Override
  protected List<Object> settings() {
    return List.of(
        channel,
        groups,
        getKernelSize(),
        getStride(),
        reductionRatio,
        groupOrder,
        relu,
        isPool(),
        isInputGradient(),
        spanScale(),
        identityStart);
  }

  private double spanScale() {
    return spanScale == null ? 1 : spanScale;
  }

  @Override
  public List<String> statisticKeys() {
    return List.of(ParameterOffsets.MEAN, ParameterOffsets.VARIANCE);
  }

  @Override
  protected Layer running(NeuralNetConfiguration conf, DataType type) {
    return new InvolutionLayer(conf, type);
  }

  /** The sizes for images of a given height and width. */
  public InvolutionShape shape(long height, long width) {
    return new InvolutionShape(
        new InvolutionShape.Generator(
            (int) nIn, reducedChannels(), getKernelSize(), groups, groupOrder),
        getStride(),
        new InvolutionShape.Pass(relu, isPool(), isInputGradient()),
        height,
        width);
  }

  /**
   * Elements of the kernels that are generated for an image, those of all taps, groups and
   * positions.
   *
   * @param height of the image
   * @param width of the image
   */
  public long kernelLength(long height, long width) {
    InvolutionShape shape = shape(height, width);
    return (long) shape.taps * shape.groups * shape.outHeight * shape.outWidth;
  }

  @Override
  int[] outputSize(long height, long width) {
    InvolutionShape shape = shape(height, width);
    return new int[] {shape.pooledHeight(), shape.pooledWidth()};
  }

  /** The offsets of the layer's parameters in its part of the vector. */
  ParameterOffsets offsets() {
    return new ParameterOffsets((int) nIn, reducedChannels(), Math.toIntExact(spanOutputs()));
  }

  /** K*K*G, which may be more than a layer can have. */
  private long spanOutputs() {
    return Math.multiplyExact((long) getKernelSize() * getKernelSize(), groups);
  }

  @Override
  long parameterCount() {
    return ParameterOffsets.count(nIn, reducedChannels(), spanOutputs());
  }

  @Override
  List<String> parameterKeys() {
    return ParameterOffsets.KEYS;
  }

  @Override
  List<String> weightKeys() {
    return List.of(ParameterOffsets.REDUCE_WEIGHTS, ParameterOffsets.SPAN_WEIGHTS);
  }

  @Override
  List<String> biasKeys() {
    return List.of(ParameterOffsets.REDUCE_BIAS, ParameterOffsets.SPAN_BIAS);
  }

  @Override
  Map<String, INDArray> views(INDArray vector) {
    return offsets().views(vector);
  }

  @Override
  void initialize(Map<String, INDArray> views) {
    views.forEach(
        (key, values) -> {
          if (weightKeys().contains(key)) {
            INDArray flat = values.reshape(values.length());
            getWeightInitFn()
                .init((double) values.size(1), (double) values.size(0), values.shape(), 'c', flat);
          } else {
            values.assign(start(key));
          }
        });
    if (spanScale() != 1) {
      views.get(ParameterOffsets.SPAN_WEIGHTS).muli(spanScale());
    }
    if (identityStart) {
      int center = (getKernelSize() - 1) / 2 * (getKernelSize() + 1);
      for (int group = 0; group < groups; group++) {
        views.get(ParameterOffsets.SPAN_BIAS).putScalar((long) center * groups + group, 1);
      }
    }
  }

  private double start(String key) {
    if (biasKeys().contains(key)) {
      return orElse(getBiasInit(), 0);
    }
    if (key.equals(ParameterOffsets.GAMMA)) {
      return orElse(getGainInit(), 1);
    }
    return key.equals(ParameterOffsets.VARIANCE) ? 1 : 0;
  }

  @Override
  public void setNIn(InputType inputType, boolean override) {
    long before = nIn;
    super.setNIn(inputType, override);
    if (nOut == before) {
      nOut = nIn;
    }
    acceptChannels();
  }

  /** Collects the settings of an {@link Involution}; the defaults are those of the network. */
  @SuppressWarnings("unchecked") // the type variable of build() is its caller's wish only
  public static final class Builder extends ImageLayer.Builder<Builder> {
    private int channel;
    private int groups = 1;
    private int reductionRatio = 1;
    private GroupOrder groupOrder = GroupOrder.INTERLEAVED;
    private boolean relu;
    private Double spanScale;
    private boolean identityStart;

    /** Sets the channel count that the reduction starts from (default: the input's channels). */
    public Builder channel(int value) {
      channel = atLeastOne("channel count", value);
      return this;
    }

    /** Sets the number of groups, which must divide the input's channels (default 1). */
    public Builder groups(int value) {
      groups = value;
      return this;
    }

    /** Sets the channel reduction ratio of the kernel generator (default 1). */
    public Builder reductionRatio(int value) {
      reductionRatio = value;
      return this;
    }

    /** Sets how channels are assigned to groups (default interleaved). */
    public Builder groupOrder(GroupOrder value) {
      groupOrder = value;
      return this;
    }

    /** Sets that the channels of a group are adjacent. */
    public Builder contiguous() {
      return groupOrder(GroupOrder.CONTIGUOUS);
    }

    /** Sets whether a ReLU follows (default no). */
    public Builder relu(boolean value) {
      relu = value;
      return this;
    }

    /**
     * Sets a factor of the initial weights of the second 1x1 convolution, the span (default 1).
     * With 0, kernels are the same everywhere until training has changed them.
     *
     * @throws IllegalArgumentException if it is negative or not finite
     */
    public Builder spanScale(double factor) {
      if (!(factor >= 0 && factor <= Double.MAX_VALUE)) {
        throw new IllegalArgumentException(
            "the scale of the span's weights must be a number of at least 0, not " + factor);
      }
      spanScale = factor;
      return this;
    }

    /** Sets that the bias of each kernel's central tap starts at 1 instead of {@code biasInit}. */
    public Builder identityStart() {
      identityStart = true;
      return this;
    }

    @Override
    public Involution build() {
      return new Involution(this);
    }
  }
}
