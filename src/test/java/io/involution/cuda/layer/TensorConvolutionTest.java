package io.involution.cuda.layer;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.config.Precision;
import io.involution.cuda.EmulatedCuda;
import io.involution.cuda.driver.CudaDevice;
import io.involution.layers.ConvolutionBlock;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;

/** Convolutions on tensor cores against a plain formulation in float64. */
class TensorConvolutionTest {
  /**
   * Rounding to 10 bits behind the point moves a factor by at most 2^-11 of it, each one by itself:
   * products of two are off by the root of 2/3 of that, as a root of mean squares, and so are sums.
   */
  private static final double MOST_ERROR = Math.sqrt(2.0 / 3) / (1 << 11);

  private static ConvolutionBlock.Builder block(int channels, int filters) {
    return new ConvolutionBlock.Builder().nIn(channels).nOut(filters);
  }

  /** Blocks, rows and columns of an image, capacity of a minibatch and examples in it. */
  static Stream<Arguments> blocks() {
    return Stream.of(
        Arguments.of(block(9, 11), 7, 9, 3, 2),
        Arguments.of(block(17, 33).pool(true), 7, 16, 2, 1),
        Arguments.of(block(8, 40).pool(true), 9, 19, 2, 2),
        Arguments.of(block(8, 72), 3, 3, 7, 5),
        Arguments.of(block(33, 8).pool(true), 3, 2, 3, 3),
        Arguments.of(block(10, 8).same(false), 10, 9, 3, 3),
        Arguments.of(block(8, 9).activation(Activation.IDENTITY).pool(true), 8, 8, 2, 2),
        Arguments.of(block(9, 70).kernelSize(1), 5, 7, 6, 5),
        Arguments.of(block(40, 8).kernelSize(1).activation(Activation.IDENTITY), 4, 4, 5, 2),
        Arguments.of(block(70, 65).kernelSize(1).bias(false), 1, 3, 3, 1));
  }

  private static ConvolutionRun.Way way(int capacity) {
    return new ConvolutionRun.Way(capacity, true, Precision.TF32);
  }

  @ParameterizedTest
  @MethodSource("blocks")
  void equalsThePlainFormulationExactlyWhereNothingIsRounded(
      ConvolutionBlock.Builder builder, int height, int width, int capacity, int count) {
    long seed = new Random().nextLong();
    ConvolutionCase values =
        ConvolutionCase.dyadic(builder.build(), height, width, count, new Random(seed));
    try (CudaDevice device = CudaDevice.open(EmulatedCuda.library(), 0);
        ConvolutionRun run = new ConvolutionRun(device, values, way(capacity))) {
      assertThat(run.form()).isEqualTo("TensorConvolution");
      run.step();
      values.assertEqual(run, "seed " + seed);
    }
  }

  /** Without ReLU and pool, where a rounded sum may decide otherwise. */
  static Stream<Arguments> linear() {
    return Stream.of(
        Arguments.of(block(16, 64), 16),
        Arguments.of(block(40, 24), 8),
        Arguments.of(block(24, 16), 3),
        Arguments.of(block(33, 66).kernelSize(1), 7));
  }

  @ParameterizedTest
  @MethodSource("linear")
  void isAsCloseAsRoundedFactorsAllow(ConvolutionBlock.Builder builder, int size) {
    long seed = new Random().nextLong();
    ConvolutionBlock block = builder.activation(Activation.IDENTITY).build();
    ConvolutionCase values = ConvolutionCase.real(block, size, size, 3, new Random(seed));
    try (CudaDevice device = CudaDevice.open(EmulatedCuda.library(), 0);
        ConvolutionRun run = new ConvolutionRun(device, values, way(4))) {
      run.step();
      assertThat(values.errors(run))
          .as("seed " + seed)
          .allSatisfy(error -> assertThat(error).isBetween(MOST_ERROR / 10, MOST_ERROR));
    }
  }

  @Test
  void givesTheSameBitsInEveryOrderOfThreadsAndKeepsNotANumber() {
    ConvolutionBlock block = block(9, 12).pool(true).build();
    ConvolutionCase values = ConvolutionCase.dyadic(block, 6, 5, 2, new Random(1));
    values.images()[40] = Float.NaN;
    float[] first = null;
    for (int order : new int[] {0, 1, 7}) {
      EmulatedCuda.library();
      EmulatedCuda.set("ORDER", order);
      try (CudaDevice device = CudaDevice.open(EmulatedCuda.library(), 0);
          ConvolutionRun run = new ConvolutionRun(device, values, way(2))) {
        run.step();
        float[] weights = run.parameterGradients();
        first = first == null ? weights : first;
        assertThat(weights).isEqualTo(first);
        assertThat(Arrays.toString(run.outputs())).contains("NaN");
      } finally {
        EmulatedCuda.reset();
      }
    }
  }

  @Test
  void whatTensorCoresWouldLeaveUnusedIsComputedInFloat32() {
    for (ConvolutionBlock.Builder builder :
        new ConvolutionBlock.Builder[] {
          block(3, 8), block(8, 8).kernelSize(5), block(8, 8).stride(2), block(8, 4)
        }) {
      ConvolutionCase values = ConvolutionCase.dyadic(builder.build(), 6, 6, 1, new Random(1));
      try (CudaDevice device = CudaDevice.open(EmulatedCuda.library(), 0);
          ConvolutionRun run = new ConvolutionRun(device, values, way(1))) {
        assertThat(run.form()).isEqualTo("PlainConvolution");
      }
    }
  }
}
