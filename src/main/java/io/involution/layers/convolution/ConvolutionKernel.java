package io.involution.layers.convolution;

import io.involution.layers.array.RealArrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The CPU code of a convolution block for one image size, by one of the {@link ConvolutionPath}s.
 * One thread at a time may call it.
 */
public final class ConvolutionKernel<A> implements AutoCloseable {
  private final RealArrays<A> reals;
  private final ConvolutionShape shape;
  private final ConvolutionPath<A> path;

  private byte[] winners = new byte[0];

  /** Whether the last forward pass kept what a backward pass needs. */
  private boolean kept;

  /**
   * The code for one element type and image size.
   *
   * @param path how to compute it; closed together with the kernel
   */
  public ConvolutionKernel(RealArrays<A> reals, ConvolutionShape shape, ConvolutionPath<A> path) {
    this.reals = reals;
    this.shape = shape;
    this.path = path;
  }

  /** The sizes that it was created for. */
  public ConvolutionShape shape() {
    return shape;
  }

  /** Whether a backward pass can follow: the last forward pass was for training. */
  public boolean isReadyForBackward() {
    return kept;
  }

  /**
   * Computes the outputs.
   *
   * @param training whether to keep what {@link #backward} needs
   * @param input {@code [images, channels, height, width]}, contiguous in c order
   * @param parameterWeights {@code [filters, channels, kernelSize, kernelSize]}
   * @param biases {@code [1, filters]}; null if there are none
   * @param output {@code [images, filters, finalHeight, finalWidth]}, contiguous in c order
   */
  public void forward(
      boolean training,
      INDArray input,
      INDArray parameterWeights,
      INDArray biases,
      INDArray output) {
    int images = Math.toIntExact(input.size(0));
    boolean chosen = training && (shape.pool || shape.relu);
    int length = chosen ? path.winners(images) : 0;
    if (winners.length < length) {
      winners = new byte[length];
    }
    kept = training;
    byte[] marks = training ? winners : null;
    path.load(reals.view(parameterWeights), biases == null ? null : reals.view(biases));
    path.forward(reals.view(input), reals.view(output), marks, images);
  }

  /**
   * Computes the gradients after {@link #forward}, for training, of the same input and parameters.
   *
   * @param input as in forward
   * @param outputGradients of the output's shape, contiguous in c order
   * @param weightGradients filled in, of the weights' shape; null if not needed
   * @param biasGradients filled in, of the biases' shape; null if not needed
   * @param inputGradients filled in, of the input's shape; null if not needed
   */
  public void backward(
      INDArray input,
      INDArray outputGradients,
      INDArray weightGradients,
      INDArray biasGradients,
      INDArray inputGradients) {
    int images = Math.toIntExact(input.size(0));
    path.backward(
        new ConvolutionPath.Backward<>(
            reals.view(input),
            reals.view(outputGradients),
            inputGradients == null ? null : reals.view(inputGradients),
            weightGradients != null,
            biasGradients != null),
        winners,
        images);
    if (weightGradients != null) {
      path.writeWeightGradients(reals.view(weightGradients));
    }
    if (biasGradients != null) {
      path.writeBiasGradients(reals.view(biasGradients));
    }
  }

  @Override
  public void close() {
    path.close();
  }
}
