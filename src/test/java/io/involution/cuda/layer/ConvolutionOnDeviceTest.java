package io.involution.cuda.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.involution.cuda.EmulatedCuda;
import io.involution.cuda.driver.CudaDevice;
import io.involution.layers.ConvolutionBlock;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;

/** Convolution blocks on a device against a plain formulation in float64. */
class ConvolutionOnDeviceTest {
  private static ConvolutionBlock.Builder block(int channels, int filters) {
    return new ConvolutionBlock.Builder().nIn(channels).nOut(filters);
  }

  /** Blocks, rows and columns of an image, capacity of a minibatch and examples in it. */
  static Stream<Arguments> blocks() {
    return Stream.of(
        Arguments.of(block(1, 1).kernelSize(1), 1, 1, 1, 1),
        Arguments.of(block(3, 5).kernelSize(3).pool(true), 7, 9, 3, 2),
        Arguments.of(block(2, 3).kernelSize(5), 6, 4, 3, 3),
        Arguments.of(block(4, 2).kernelSize(2).pool(true), 5, 8, 2, 1),
        Arguments.of(block(2, 6).kernelSize(3).stride(2), 9, 6, 2, 2),
        Arguments.of(block(3, 4).kernelSize(3).stride(2).same(false).pool(true), 12, 9, 2, 2),
        Arguments.of(block(2, 2).kernelSize(1).stride(3), 8, 7, 2, 2),
        Arguments.of(block(2, 3).kernelSize(4).same(false), 6, 9, 3, 1),
        Arguments.of(block(3, 3).activation(Activation.IDENTITY), 4, 4, 2, 2),
        Arguments.of(block(3, 3).activation(Activation.IDENTITY).pool(true), 6, 5, 2, 2),
        Arguments.of(block(3, 5).kernelSize(2).same(false).trained(false), 6, 7, 3, 2),
        Arguments.of(block(5, 4).bias(false).pool(true), 7, 6, 3, 2),
        Arguments.of(block(9, 7).kernelSize(1).bias(false).stride(2), 5, 6, 3, 3),
        Arguments.of(block(4, 3).bias(false).trained(false), 4, 4, 2, 1),
        Arguments.of(block(3, 32).pool(true).bias(false), 32, 32, 2, 1),
        Arguments.of(block(32, 64).pool(true).bias(false), 16, 16, 2, 1),
        Arguments.of(block(64, 64).bias(false), 8, 8, 2, 1),
        Arguments.of(block(3, 32).kernelSize(1).trained(false), 6, 4, 2, 2),
        Arguments.of(block(32, 64).kernelSize(1).bias(false), 16, 8, 2, 1),
        Arguments.of(block(2, 2).kernelSize(7), 3, 2, 70, 69),
        // So much room that the kernels of large squares are taken.
        Arguments.of(block(130, 131).kernelSize(1).bias(false), 3, 4, 4096, 2),
        Arguments.of(block(66, 130).kernelSize(2).pool(true), 3, 5, 16_384, 3),
        Arguments.of(block(3, 64).pool(true), 32, 32, 3, 1),
        Arguments.of(block(64, 64).pool(true), 16, 16, 2, 1),
        Arguments.of(block(64, 128), 8, 8, 2, 1),
        Arguments.of(block(3, 64).kernelSize(1), 6, 4, 3, 2),
        Arguments.of(block(96, 64).kernelSize(1), 16, 8, 5, 3),
        Arguments.of(block(64, 64).kernelSize(1).same(false), 8, 16, 5, 4));
  }

  @ParameterizedTest
  @MethodSource("blocks")
  void equalsThePlainFormulationExactlyWhereNothingIsRounded(
      ConvolutionBlock.Builder builder, int height, int width, int capacity, int count) {
    long seed = new Random().nextLong();
    ConvolutionCase values =
        ConvolutionCase.dyadic(builder.build(), height, width, count, new Random(seed));
    try (CudaDevice device = CudaDevice.open(EmulatedCuda.library(), 0);
        ConvolutionRun run = new ConvolutionRun(device, values, capacity, true)) {
      run.step();
      values.assertEqual(run, "seed " + seed);
    }
  }

  /** Blocks with fast kernels, and the rows and columns of their images. */
  static Stream<Arguments> fastBlocks() {
    return Stream.of(
        Arguments.of(block(6, 8), 12, "PlainConvolution"),
        Arguments.of(block(3, 32).pool(true), 32, "FirstConvolution"),
        Arguments.of(block(32, 64).pool(true), 16, "PooledConvolution"),
        Arguments.of(block(64, 64), 8, "TiledConvolution"),
        Arguments.of(block(3, 32).kernelSize(1), 32, "FirstPointwiseConvolution"),
        Arguments.of(block(32, 64).kernelSize(1), 16, "PointwiseConvolution"),
        Arguments.of(block(64, 128).kernelSize(1), 8, "PointwiseConvolution"));
  }

  @ParameterizedTest
  @MethodSource("fastBlocks")
  void isCloseToThePlainFormulationForRoundedValues(
      ConvolutionBlock.Builder builder, int size, String form) {
    long seed = new Random().nextLong();
    ConvolutionCase values = ConvolutionCase.real(builder.build(), size, size, 2, new Random(seed));
    try (CudaDevice device = CudaDevice.open(EmulatedCuda.library(), 0);
        ConvolutionRun run = new ConvolutionRun(device, values, 3, true)) {
      assertThat(run.form()).isEqualTo(form);
      run.step();
      values.assertClose(run, "seed " + seed);
    }
  }

  @Test
  void keepsNotANumber() {
    ConvolutionBlock block = block(1, 1).kernelSize(1).pool(true).build();
    ConvolutionCase values = ConvolutionCase.dyadic(block, 2, 8, 1, new Random(1));
    for (int window = 0; window < 4; window++) {
      values.images()[window % 2 * 8 + window / 2 + 2 * window] = Float.NaN;
    }
    try (CudaDevice device = CudaDevice.open(EmulatedCuda.library(), 0);
        ConvolutionRun run = new ConvolutionRun(device, values, 1, true)) {
      run.step();
      assertThat(run.outputs()).containsOnly(Float.NaN);
    }
  }

  @Test
  void leavesTheGradientOfAnInputAloneThatNobodyWants() {
    ConvolutionCase values =
        ConvolutionCase.dyadic(block(3, 4).<ConvolutionBlock>build(), 4, 4, 1, new Random(1));
    try (CudaDevice device = CudaDevice.open(EmulatedCuda.library(), 0);
        ConvolutionRun run = new ConvolutionRun(device, values, 1, false)) {
      run.step();
      assertThat(run.inputGradients()).containsOnly(Float.NaN);
      assertThat(run.parameterGradients()[0])
          .isCloseTo((float) values.parameterGradients()[0], within(0f));
    }
  }
}
