package io.involution.layers.involution;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One way to compute an involution layer on images of one size. It keeps what the backward pass
 * needs between the passes of a step, so it serves one layer on one thread. Arrays are [N, C, H, W]
 * in c order; vectors are the layer's part of the network's vector, with the layout of {@link
 * ParameterOffsets}.
 */
public interface InvolutionPath extends AutoCloseable {
  /**
   * Writes the layer's output.
   *
   * @param parameters read; in training its running statistics move towards the batch's statistics
   * @param training whether the BatchNorm uses the batch's statistics or the running ones
   * @param output [N, C, H', W'], pooled if the layer pools; overwritten
   */
  void forward(INDArray input, INDArray parameters, boolean training, INDArray output);

  /**
   * Writes the gradients of the last forward pass.
   *
   * @param input the input of the last forward pass
   * @param epsilon gradient of the loss with respect to the output
   * @param gradient gradient with respect to the parameters; overwritten, 0 for the running
   *     statistics
   * @param inputGradient [N, C, H, W], overwritten; null when it is not needed
   */
  void backward(INDArray input, INDArray epsilon, INDArray gradient, INDArray inputGradient);

  /** Frees memory outside the heap, if any; the next pass allocates it again. */
  @Override
  default void close() {}
}
