package io.involution.layers.involution;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Where each parameter of an involution starts in the layer's part of the parameter vector: reduce
 * weights [R, C], reduce bias [R], gamma [R], beta [R], running mean [R], running variance [R],
 * span weights [K*K*G, R], span bias [K*K*G].
 */
public final class ParameterOffsets {
  /** Weights [R, C] of the first 1x1 convolution. */
  public static final String REDUCE_WEIGHTS = "reduceW";

  /** Bias [1, R] of the first 1x1 convolution. */
  public static final String REDUCE_BIAS = "reduceB";

  /** Scale [1, R] of the BatchNorm. */
  public static final String GAMMA = "gamma";

  /** Shift [1, R] of the BatchNorm. */
  public static final String BETA = "beta";

  /** Running mean [1, R] of the BatchNorm; not trained. */
  public static final String MEAN = "mean";

  /** Running biased variance [1, R] of the BatchNorm; not trained. */
  public static final String VARIANCE = "var";

  /** Weights [K*K*G, R] of the second 1x1 convolution; row tap * G + group. */
  public static final String SPAN_WEIGHTS = "spanW";

  /** Bias [1, K*K*G] of the second 1x1 convolution. */
  public static final String SPAN_BIAS = "spanB";

  /** All keys, in the order of the vector. */
  public static final List<String> KEYS =
      List.of(REDUCE_WEIGHTS, REDUCE_BIAS, GAMMA, BETA, MEAN, VARIANCE, SPAN_WEIGHTS, SPAN_BIAS);

  /** Parameters of one entry for each reduced channel: bias, gamma, beta, mean and variance. */
  private static final long VECTORS = 5;

  // First entry of each parameter; then the number of span outputs (K*K*G) and of all entries.
  public final int reduceWeights = 0;
  public final int reduceBias;
  public final int gamma;
  public final int beta;
  public final int mean;
  public final int variance;
  public final int spanWeights;
  public final int spanBias;
  public final int spanOutputs;
  public final int length;

  private final int channels;
  private final int reduced;

  /**
   * Computes the offsets.
   *
   * @param channels C, number of channels of an image
   * @param reduced R, number of channels between the two 1x1 convolutions
   * @param spanOutputs K*K*G
   * @throws ArithmeticException if there are more than 2^31 - 1 entries
   */
  public ParameterOffsets(int channels, int reduced, int spanOutputs) {
    this.channels = channels;
    this.reduced = reduced;
    this.spanOutputs = spanOutputs;
    length = Math.toIntExact(count(channels, reduced, spanOutputs));
    reduceBias = reduced * channels;
    gamma = reduceBias + reduced;
    beta = gamma + reduced;
    mean = beta + reduced;
    variance = mean + reduced;
    spanWeights = variance + reduced;
    spanBias = spanWeights + spanOutputs * reduced;
  }

  /**
   * Number of all entries, of the same sizes, whether a vector can have as many or not.
   *
   * @throws ArithmeticException if it is more than 2^63 - 1
   */
  public static long count(long channels, long reduced, long spanOutputs) {
    long each = Math.addExact(Math.addExact(channels, VECTORS), spanOutputs);
    return Math.addExact(Math.multiplyExact(reduced, each), spanOutputs);
  }

  /** Each parameter as a view of the layer's vector, a matrix in c order. */
  public Map<String, INDArray> views(INDArray vector) {
    INDArray flat = vector.reshape(vector.length());
    Map<String, INDArray> views = new LinkedHashMap<>();
    views.put(REDUCE_WEIGHTS, view(flat, reduceWeights, reduced, channels));
    views.put(REDUCE_BIAS, view(flat, reduceBias, 1, reduced));
    views.put(GAMMA, view(flat, gamma, 1, reduced));
    views.put(BETA, view(flat, beta, 1, reduced));
    views.put(MEAN, view(flat, mean, 1, reduced));
    views.put(VARIANCE, view(flat, variance, 1, reduced));
    views.put(SPAN_WEIGHTS, view(flat, spanWeights, spanOutputs, reduced));
    views.put(SPAN_BIAS, view(flat, spanBias, 1, spanOutputs));
    return views;
  }

  private static INDArray view(INDArray flat, int from, long rows, long columns) {
    return flat.get(NDArrayIndex.interval(from, from + rows * columns)).reshape('c', rows, columns);
  }
}
