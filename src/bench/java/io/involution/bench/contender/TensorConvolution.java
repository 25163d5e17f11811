package io.involution.bench.contender;

import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** The convolution network in TensorFlow. */
enum TensorConvolution implements TensorNetwork {
  /** As everyone writes it: convolution, bias and ReLU can be fused. */
  RELU_FIRST,
  /** The same function with the ReLU on a quarter of the numbers. */
  POOL_FIRST;

  @Override
  public boolean channelsLast() {
    return true;
  }

  @Override
  public boolean compiled() {
    return false;
  }

  @Override
  public int statistics() {
    return 0;
  }

  @Override
  public Operand<TFloat32> logits(TensorGraph graph, Operand<TFloat32> images) {
    Operand<TFloat32> x1 = pooled(graph, graph.convolution(images, 3, 3, 32));
    Operand<TFloat32> x2 = pooled(graph, graph.convolution(x1, 3, 32, 64));
    Operand<TFloat32> x3 = graph.tf.nn.relu(graph.convolution(x2, 3, 64, 64));
    Operand<TFloat32> flat = graph.tf.reshape(x3, graph.tf.constant(new int[] {-1, 4096}));
    Operand<TFloat32> dense = graph.tf.nn.relu(graph.dense(flat, 4096, 64));
    return graph.dense(dense, 64, 10);
  }

  private Operand<TFloat32> pooled(TensorGraph graph, Operand<TFloat32> images) {
    return this == RELU_FIRST
        ? graph.pool(graph.tf.nn.relu(images))
        : graph.tf.nn.relu(graph.pool(images));
  }
}
