package io.involution.cuda.layer;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.cuda.layer.InvolutionReference.Pixels;
import io.involution.layers.Involution;
import io.involution.layers.involution.GroupOrder;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The involution's kernels, run on the CPU, against the layer in float64. */
class InvolutionOnDeviceTest {
  /** Relative to the largest value of its kind. */
  private static final double TOLERANCE = 3e-6;

  /**
   * A layer, an image's sizes, a minibatch's examples, and the most that the layer was made for.
   */
  @SuppressWarnings("ImmutableEnumChecker") // builders and sizes are only read
  enum Case {
    POOLED(layer().relu(true).pool(true), 3, 12, 10, 5, 5),
    WITHOUT_INPUT_GRADIENT(layer().relu(true).pool(true).inputGradient(false), 3, 8, 8, 2, 3),
    INTERLEAVED(layer(5).groups(4).reductionRatio(2).relu(true).pool(true), 16, 9, 11, 3, 4),
    CONTIGUOUS_STRIDES(contiguous(3, 2).stride(2).relu(true), 6, 13, 9, 3, 3),
    EVEN_KERNEL_NO_RELU(layer(4).stride(3).pool(true), 4, 14, 17, 4, 6),
    ONE_CHANNEL(layer().relu(true), 1, 9, 9, 4, 4),
    TWO_CHANNELS_STRIDES(layer().stride(2).relu(true), 2, 11, 12, 4, 5),
    MANY_MEMBERS(contiguous(7, 2).relu(true), 40, 8, 8, 2, 2),
    MANY_TAPS(layer(6).groups(3).relu(true).pool(true), 6, 10, 10, 2, 2),
    MANY_REDUCED(layer().groups(8).relu(true).pool(true), 72, 5, 6, 2, 3),
    FIRST(plain().pool(true).inputGradient(false), 3, 32, 32, 3, 4),
    SECOND(plain().pool(true), 3, 16, 16, 5, 7),
    THIRD(plain(), 3, 8, 8, 38, 45),
    FIRST_OF_16(plain().pool(true).inputGradient(false), 3, 16, 16, 5, 7),
    FIRST_OF_8(plain().inputGradient(false), 3, 8, 8, 38, 45),
    ONE_TAP(layer(1).groups(2).relu(true), 4, 7, 3, 3, 3);

    final Involution.Builder builder;
    final int[] sizes;
    final int images;
    final int capacity;

    Case(
        Involution.Builder builder, int channels, int height, int width, int images, int capacity) {
      this.builder = builder;
      sizes = new int[] {channels, height, width};
      this.images = images;
      this.capacity = capacity;
    }

    private static Involution.Builder layer() {
      return layer(3);
    }

    private static Involution.Builder layer(int kernelSize) {
      return new Involution.Builder().kernelSize(kernelSize);
    }

    private static Involution.Builder plain() {
      return layer().reductionRatio(2).relu(true);
    }

    private static Involution.Builder contiguous(int kernelSize, int groups) {
      return layer(kernelSize).groups(groups).groupOrder(GroupOrder.CONTIGUOUS);
    }
  }

  @ParameterizedTest
  @EnumSource
  void outputStatisticsAndGradientsAreThoseOfTheLayerInFloat64(Case of) {
    compare(of, true, 0);
  }

  @ParameterizedTest
  @EnumSource
  void onlyTheReferenceNetworksLayersHaveAFastForm(Case of) {
    boolean hidden =
        Set.of(Case.SECOND, Case.THIRD, Case.FIRST_OF_16, Case.FIRST_OF_8).contains(of);
    Involution layer = of.builder.nIn(of.sizes[0]).build();
    // The largest images leave no room for what the input's gradient needs; others always write it.
    assertThat(hasFastForm(of, layer, 0)).isEqualTo(of == Case.FIRST);
    assertThat(hasFastForm(of, layer, 8)).isEqualTo(hidden);
  }

  private static boolean hasFastForm(Case of, Involution layer, long inputGradient) {
    int[] sizes = of.sizes;
    Activations input = new Activations(8, inputGradient, sizes[0], sizes[1], sizes[2]);
    LayerPlace place = new LayerPlace(null, input, 8, 8, 8, of.capacity);
    return PlainInvolutionForm.fits(layer.shape(sizes[1], sizes[2]), place);
  }

  @ParameterizedTest
  @EnumSource(names = {"FIRST", "SECOND", "THIRD"})
  void theFastFormIsAsNear(Case of) {
    compare(of, false, 0);
    compare(of, false, 40);
  }

  /** Its sizes, but of a network's first layer, whose input has no gradient to write. */
  @ParameterizedTest
  @EnumSource(names = {"FIRST_OF_16", "FIRST_OF_8"})
  void firstLayersOfSmallImagesAreComputedWithoutTheFastForm(Case of) {
    compare(of, false, 0);
  }

  @ParameterizedTest
  @EnumSource(names = {"POOLED", "ONE_CHANNEL", "CONTIGUOUS_STRIDES"})
  void pixelsOfALargeMeanKeepTheDigitsThatTheirDeviationHas(Case of) {
    compare(of, true, 40);
  }

  private static void compare(Case of, boolean general, double mean) {
    double tolerance = Math.max(1, 2 * mean) * TOLERANCE;
    InvolutionReference reference =
        InvolutionReference.steady(of.builder, of.images, of.sizes, new Pixels(mean, tolerance));
    InvolutionRun run = InvolutionRun.of(reference, of.capacity, general);
    assertThat(reference.errors(run))
        .as(of + ", seed " + reference.seed)
        .allSatisfy((part, error) -> assertThat(error).as(part).isLessThan(tolerance));
  }
}
