package io.involution.layers;

import io.involution.layers.convolution.pointwise.PointwiseConvolution;
import io.involution.layers.convolution.winograd.WinogradConvolution;
import java.util.Random;
import java.util.stream.Stream;
import org.nd4j.linalg.activations.Activation;

/** The grid of convolution blocks that the tests go over, and random values for them. */
final class BlockCases {
  private BlockCases() {}

  /** A block and the minibatch it gets. */
  record Case(int kernel, int stride, boolean same, boolean pool, int images, int size) {
    ConvolutionBlock block(int channels, int filters) {
      return new ConvolutionBlock.Builder()
          .nIn(channels)
          .nOut(filters)
          .kernelSize(kernel)
          .stride(stride)
          .same(same)
          .pool(pool)
          .bias((kernel + stride + images) % 3 > 0)
          .activation(isLinear() ? Activation.IDENTITY : Activation.RELU)
          .build();
    }

    private boolean isLinear() {
      return pointwise() || (kernel + size) % 4 == 3;
    }

    /** Whether {@link PointwiseConvolution} computes it. */
    boolean pointwise() {
      return kernel == 1 && stride == 1 && same;
    }

    /** Whether {@link WinogradConvolution} computes it, given enough channels and filters. */
    boolean tiled() {
      return kernel == 3 && stride == 1;
    }

    /** Images are one column wider than high, so that rows and columns cannot be mixed up. */
    PlainConvolution plain(ConvolutionBlock block) {
      return new PlainConvolution(block, images, size, size == 1 ? 1 : size + 1);
    }
  }

  /**
   * Kernel 1, 2, 3, 5, 7 x stride 1, 2, 3 x SAME, VALID x pool or not x sizes that give an output.
   */
  static Stream<Case> grid(int... sizes) {
    Stream.Builder<Case> cases = Stream.builder();
    int number = 0;
    for (int kernel : new int[] {1, 2, 3, 5, 7}) {
      for (int stride : new int[] {1, 2, 3}) {
        for (int variant = 0; variant < 4; variant++) {
          for (int size : sizes) {
            int images = new int[] {1, 2, 3, 19}[number++ % 4];
            cases.add(new Case(kernel, stride, variant < 2, variant % 2 == 1, images, size));
          }
        }
      }
    }
    return cases.build().filter(it -> it.plain(it.block(1, 1)).exists());
  }

  static double[] values(Random random, int length) {
    double[] values = new double[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /**
   * Error of a vector by Euclidean norms, relative to the expected one or to 1: of the few outputs
   * of a small image all may be near 0, where summands of that size and their rounding cancel.
   */
  static double error(double[] actual, double[] expected) {
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < expected.length; i++) {
      difference += (actual[i] - expected[i]) * (actual[i] - expected[i]);
      norm += expected[i] * expected[i];
    }
    return Math.sqrt(difference / Math.max(1, norm));
  }
}
