package io.involution.layers;

import io.involution.layers.convolution.ConvolutionShape;
import io.involution.layers.settings.LayerStart;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.shade.jackson.annotation.JsonInclude;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Convolution, bias, ReLU and, optionally, a 2x2 max-pool of stride 2, as one layer. Input {@code
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
 * order of a convolution: the bias first, and the weights in c order. A block without biases has no
 * {@code b}, and one whose filters are frozen learns its biases only: {@code W} has no gradient,
 * updater state, regularization or constraint, and counts as not trainable. Glorot's fans are
 * {@code channels * kernelSize^2} and {@code filters * kernelSize^2} independent of the stride, as
 * in Keras.
 */
public final class ConvolutionBlock extends ImageLayer {
  static final String WEIGHTS = DefaultParamInitializer.WEIGHT_KEY;
  static final String BIASES = DefaultParamInitializer.BIAS_KEY;
  private static final long serialVersionUID = 1;

  private boolean same;

  // Written only where they are true: files of before have neither.
  @JsonProperty
  @JsonInclude(JsonInclude.Include.NON_DEFAULT)
  private boolean biasFree;

  @JsonProperty
  @JsonInclude(JsonInclude.Include.NON_DEFAULT)
  private boolean frozen;

  /** For reading from JSON. */
  @SuppressWarnings("unused")
  private ConvolutionBlock() {}

  private ConvolutionBlock(Builder builder) {
    super(builder);
    same = builder.same;
    biasFree = !builder.bias;
    frozen = !builder.trained;
    initializeConstraints(builder);
    setConstraints(constraints);
    if (nOut < 1) {
      throw new IllegalArgumentException(
          "a ConvolutionBlock needs nOut, the number of its filters, of at least 1");
    }
    if (!Double.isNaN(gainInit)) {
      throw new IllegalArgumentException("a ConvolutionBlock has no gain: leave out gainInit");
    }
    check();
  }

  @Override
  protected void check() {
    super.check();
    if (!LayerStart.isRelu(activationFn) && !(activationFn instanceof ActivationIdentity)) {
      throw LayerStart.wrongActivation(this, "RELU or IDENTITY");
    }
  }

  /** Whether images are padded with zeros (SAME); otherwise filters stay inside them (VALID). */
  public boolean isSame() {
    return same;
  }

  /** Whether a ReLU follows the bias. */
  public boolean isRelu() {
    return activationFn instanceof ActivationReLU;
  }

  /** Whether a bias is added. */
  public boolean hasBias() {
    return !biasFree;
  }

  /** Whether the filters stay as they are; only biases learn then. */
  public boolean hasFrozenFilters() {
    return frozen;
  }

  @Override
  protected List<Object> settings() {
    return List.of(
        getKernelSize(), getStride(), same, isPool(), isInputGradient(), biasFree, frozen);
  }

  @Override
  public ConvolutionBlock clone() {
    return (ConvolutionBlock) super.clone();
  }

  @Override
  protected Layer running(NeuralNetConfiguration conf, DataType type) {
    return new ConvolutionBlockLayer(conf, type);
  }

  /** The sizes for images of a given height and width. */
  public ConvolutionShape shape(long height, long width) {
    ConvolutionShape.Filters filters =
        new ConvolutionShape.Filters(nIn, nOut, getKernelSize(), getStride(), same);
    return new ConvolutionShape(filters, isRelu(), isPool(), height, width);
  }

  /**
   * Bytes outside the heap that a minibatch takes at least on the CPU, in float32: what the layer
   * keeps until the network closes, on one thread.
   *
   * @param height of the images
   * @param width of the images
   * @param images of the minibatch
   */
  public long nativeBytes(long height, long width, int images) {
    return Float.BYTES * ConvolutionBlockLayer.nativeLength(shape(height, width), images);
  }

  /**
   * Elements for each image in the array that training on the CPU keeps of a whole minibatch,
   * beside the layer's input and output; 0 where there is none.
   *
   * @param height of the images
   * @param width of the images
   */
  public long keptLength(long height, long width) {
    return ConvolutionBlockLayer.keptLength(shape(height, width));
  }

  @Override
  int[] outputSize(long height, long width) {
    ConvolutionShape shape = shape(height, width);
    return new int[] {shape.finalHeight, shape.finalWidth};
  }

  private long taps() {
    return (long) getKernelSize() * getKernelSize();
  }

  @Override
  long parameterCount() {
    return nOut * (nIn * taps() + (hasBias() ? 1 : 0));
  }

  @Override
  List<String> parameterKeys() {
    return hasBias() ? List.of(WEIGHTS, BIASES) : List.of(WEIGHTS);
  }

  @Override
  List<String> weightKeys() {
    return List.of(WEIGHTS);
  }

  @Override
  List<String> biasKeys() {
    return hasBias() ? List.of(BIASES) : List.of();
  }

  @Override
  public List<String> untrainedKeys() {
    return frozen ? List.of(WEIGHTS) : List.of();
  }

  @Override
  Map<String, INDArray> views(INDArray vector) {
    INDArray flat = vector.reshape(vector.length());
    long biases = hasBias() ? nOut : 0;
    INDArray weights = flat.get(NDArrayIndex.interval(biases, vector.length()));
    Map<String, INDArray> views = new LinkedHashMap<>();
    if (hasBias()) {
      INDArray first = flat.get(NDArrayIndex.interval(0, nOut));
      views.put(BIASES, first.reshape('c', 1, nOut));
    }
    views.put(WEIGHTS, weights.reshape('c', nOut, nIn, getKernelSize(), getKernelSize()));
    return views;
  }

  @Override
  void initialize(Map<String, INDArray> views) {
    if (hasBias()) {
      views.get(BIASES).assign(orElse(getBiasInit(), 0));
    }
    INDArray weights = views.get(WEIGHTS);
    INDArray flat = weights.reshape('c', 1, weights.length());
    getWeightInitFn()
        .init(nIn * (double) taps(), nOut * (double) taps(), weights.shape(), 'c', flat);
  }

  /**
   * Builder of a {@link ConvolutionBlock}: kernel 3, stride 1, SAME, bias, ReLU, no pool by
   * default.
   */
  public static final class Builder extends ImageLayer.Builder<Builder> {
    private boolean same = true;
    private boolean bias = true;
    private boolean trained = true;

    /** Starts from the defaults. */
    public Builder() {
      activation(Activation.RELU);
    }

    /** Pads with zeros to keep the size (true, SAME) or not at all (false, VALID). */
    public Builder same(boolean padded) {
      same = padded;
      return this;
    }

    /** Sets whether a bias is added (default yes). */
    public Builder bias(boolean added) {
      bias = added;
      return this;
    }

    /** Sets whether the filters are trained (default yes); biases always are. */
    public Builder trained(boolean learned) {
      trained = learned;
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
