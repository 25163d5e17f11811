package io.involution.bench.contender;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.ReduceSum;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.op.nn.FusedBatchNorm;
import org.tensorflow.types.TFloat32;

/**
 * The involution network in TensorFlow, in every formulation that has a chance. (The operation that
 * extracts image patches has no gradient outside Python, and there it is a sparse matrix product.)
 * Channels first, an array of one channel is the same channels last, so batch normalization and
 * max-pool, which want them last, cost no transposition.
 */
enum TensorInvolution implements TensorNetwork {
  /** Nine shifted slices of the padded input times slices of the kernel, added up. */
  SLICES(false, false),
  /** The same, compiled by XLA. */
  SLICES_XLA(false, true),
  /** Patches by a convolution with ones and zeros, one product, one sum; channels last. */
  PATCHES(true, false),
  /** The same, compiled by XLA. */
  PATCHES_XLA(true, true);

  private static final int TAPS = 9;

  private final boolean channelsLast;
  private final boolean compiled;

  TensorInvolution(boolean channelsLast, boolean compiled) {
    this.channelsLast = channelsLast;
    this.compiled = compiled;
  }

  @Override
  public boolean channelsLast() {
    return channelsLast;
  }

  @Override
  public boolean compiled() {
    return compiled;
  }

  @Override
  public int statistics() {
    return 6;
  }

  @Override
  public Operand<TFloat32> logits(TensorGraph graph, Operand<TFloat32> images) {
    Ops tf = graph.tf;
    Operand<TFloat32> x = images;
    for (int size = 32; size >= 8; size /= 2) {
      x = channelsLast ? patches(graph, x, size) : slices(graph, x, size);
      if (size > 8) {
        x = pool(graph, x, size);
      }
      x = tf.nn.relu(x);
    }
    Operand<TFloat32> flat = tf.reshape(x, tf.constant(new int[] {-1, 192}));
    return graph.dense(tf.nn.relu(graph.dense(flat, 192, 64)), 64, 10);
  }

  private Operand<TFloat32> pool(TensorGraph graph, Operand<TFloat32> x, int size) {
    if (channelsLast) {
      return graph.pool(x);
    }
    Ops tf = graph.tf;
    Operand<TFloat32> planes = tf.reshape(x, tf.constant(new int[] {-1, size, size, 1}));
    int half = size / 2;
    return tf.reshape(graph.pool(planes), tf.constant(new int[] {-1, 3, half, half}));
  }

  /** Batch normalization of {@code [batch, size, size, 1]}, and the ReLU. */
  private static Operand<TFloat32> normalize(TensorGraph graph, Operand<TFloat32> reduced) {
    Operand<TFloat32> gamma = graph.filled(1, 1);
    Operand<TFloat32> beta = graph.filled(0, 1);
    Ops tf = graph.tf;
    VarHandleOp mean = graph.variable(new float[1], 1);
    VarHandleOp variance = graph.variable(new float[] {1}, 1);
    FusedBatchNorm<TFloat32, TFloat32> normalized =
        tf.nn.fusedBatchNorm(
            reduced,
            gamma,
            beta,
            tf.readVariableOp(mean, TFloat32.class),
            tf.readVariableOp(variance, TFloat32.class),
            FusedBatchNorm.epsilon(1e-3f),
            FusedBatchNorm.exponentialAvgFactor(0.01f),
            FusedBatchNorm.isTraining(true));
    graph.afterStep(tf.assignVariableOp(mean, normalized.batchMean()));
    graph.afterStep(tf.assignVariableOp(variance, normalized.batchVariance()));
    return tf.nn.relu(normalized.y());
  }

  private static Operand<TFloat32> slices(TensorGraph graph, Operand<TFloat32> x, int size) {
    Ops tf = graph.tf;
    Operand<TFloat32> weighted = tf.math.mul(x, graph.weights(3, 1, 1, 3, 1, 1));
    Operand<TFloat32> sum = tf.reduceSum(weighted, tf.constant(new int[] {1}));
    Operand<TFloat32> reduced = tf.math.add(sum, graph.filled(0, 1));
    Operand<TFloat32> last = tf.reshape(reduced, tf.constant(new int[] {-1, size, size, 1}));
    Operand<TFloat32> normalized =
        tf.reshape(normalize(graph, last), tf.constant(new int[] {-1, 1, size, size}));
    Operand<TFloat32> kernel =
        tf.math.add(
            tf.math.mul(normalized, graph.weights(1, TAPS, 1, TAPS, 1, 1)),
            graph.filled(0, 1, TAPS, 1, 1));
    Operand<TFloat32> padded =
        tf.pad(x, tf.constant(new int[][] {{0, 0}, {0, 0}, {1, 1}, {1, 1}}), tf.constant(0f));
    List<Operand<TFloat32>> kernels =
        tf.split(tf.constant(1), kernel, (long) TAPS).output().stream()
            .<Operand<TFloat32>>map(each -> each)
            .toList();
    List<Operand<TFloat32>> products = new ArrayList<>();
    for (int tap = 0; tap < TAPS; tap++) {
      Operand<TFloat32> patch =
          tf.slice(
              padded,
              tf.constant(new int[] {0, 0, tap / 3, tap % 3}),
              tf.constant(new int[] {-1, -1, size, size}));
      products.add(tf.math.mul(patch, kernels.get(tap)));
    }
    return tf.math.addN(products);
  }

  private static Operand<TFloat32> patches(TensorGraph graph, Operand<TFloat32> x, int size) {
    Ops tf = graph.tf;
    Operand<TFloat32> reduced = normalize(graph, graph.convolution(x, 1, 3, 1));
    Operand<TFloat32> kernel = graph.convolution(reduced, 1, 1, TAPS);
    Operand<TFloat32> patches = graph.convolve(x, graph.constant(patchFilter(), 3, 3, 3, 3 * TAPS));
    Operand<TFloat32> products =
        tf.math.mul(
            tf.reshape(patches, tf.constant(new int[] {-1, size, size, TAPS, 3})),
            tf.reshape(kernel, tf.constant(new int[] {-1, size, size, TAPS, 1})));
    return tf.reduceSum(products, tf.constant(new int[] {3}), ReduceSum.keepDims(false));
  }

  /** Ones and zeros, [row, column, channel, output]: output tap * 3 + channel is that tap of it. */
  private static float[] patchFilter() {
    float[] filter = new float[TAPS * 3 * 3 * TAPS];
    for (int tap = 0; tap < TAPS; tap++) {
      for (int channel = 0; channel < 3; channel++) {
        filter[(tap * 3 + channel) * 3 * TAPS + tap * 3 + channel] = 1;
      }
    }
    return filter;
  }
}
