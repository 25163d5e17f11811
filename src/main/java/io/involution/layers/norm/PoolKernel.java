package io.involution.layers.norm;

import io.involution.compute.ImageChunk;
import io.involution.compute.ImageChunks;
import io.involution.layers.array.NativeReals;
import io.involution.layers.array.RealArrays;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The maximum or the mean of each channel of images [N, C, H, W].
 *
 * @param <A> {@code float[]} or {@code double[]}
 */
public final class PoolKernel<A> {
  private final RealArrays<A> reals;
  private final boolean largest;

  /** For each image and channel the place of its largest value in the channel. */
  private int[] places = {};

  /** The kernel of the maximum, or of the mean. */
  public PoolKernel(RealArrays<A> reals, boolean largest) {
    this.reals = reals;
    this.largest = largest;
  }

  /** Computes the output [N, C]. */
  public void forward(INDArray input, INDArray output) {
    int images = Math.toIntExact(input.size(0));
    int channels = Math.toIntExact(input.size(1));
    int plane = Math.toIntExact(input.size(2) * input.size(3));
    if (places.length != images * channels) {
      places = new int[images * channels];
    }
    NativeReals<A> from = reals.view(input);
    NativeReals<A> to = reals.view(output);
    ImageChunks.run(
        images,
        (thread, chunk) -> {
          A image = reals.create(channels * plane);
          double[] values = new double[channels * plane];
          double[] results = new double[channels];
          A row = reals.create(channels);
          for (int number = chunk.from(); number < chunk.to(); number++) {
            from.get(number * channels * plane, image, 0, channels * plane);
            reals.widen(image, values);
            for (int channel = 0; channel < channels; channel++) {
              results[channel] = pool(values, channel * plane, plane, number * channels + channel);
            }
            reals.narrow(results, 0, row, channels);
            to.put(number * channels, row, 0, channels);
          }
        });
  }

  private double pool(double[] values, int start, int plane, int index) {
    if (!largest) {
      double sum = 0;
      for (int i = start; i < start + plane; i++) {
        sum += values[i];
      }
      return sum / plane;
    }
    int best = start;
    for (int i = start + 1; i < start + plane; i++) {
      // Not a number is the largest, as everywhere else.
      if (values[i] > values[best] || (Double.isNaN(values[i]) && !Double.isNaN(values[best]))) {
        best = i;
      }
    }
    places[index] = best - start;
    return values[best];
  }

  /**
   * Computes the gradient of the last forward pass's input.
   *
   * @param outputGradient [N, C]
   * @param inputGradient [N, C, H, W]
   */
  public void backward(INDArray outputGradient, INDArray inputGradient) {
    int images = Math.toIntExact(inputGradient.size(0));
    int channels = Math.toIntExact(inputGradient.size(1));
    int plane = Math.toIntExact(inputGradient.size(2) * inputGradient.size(3));
    NativeReals<A> from = reals.view(outputGradient);
    NativeReals<A> to = reals.view(inputGradient);
    ImageChunks.run(images, (thread, chunk) -> spread(chunk, from, to, channels, plane));
  }

  private void spread(
      ImageChunk chunk, NativeReals<A> from, NativeReals<A> to, int channels, int plane) {
    A row = reals.create(channels);
    A image = reals.create(channels * plane);
    double[] gradients = new double[channels];
    double[] values = new double[channels * plane];
    for (int number = chunk.from(); number < chunk.to(); number++) {
      from.get(number * channels, row, 0, channels);
      reals.widen(row, gradients);
      Arrays.fill(values, 0);
      for (int channel = 0; channel < channels; channel++) {
        if (largest) {
          values[channel * plane + places[number * channels + channel]] = gradients[channel];
        } else {
          double share = gradients[channel] / plane;
          Arrays.fill(values, channel * plane, (channel + 1) * plane, share);
        }
      }
      reals.narrow(values, 0, image, values.length);
      to.put(number * channels * plane, image, 0, values.length);
    }
  }
}
