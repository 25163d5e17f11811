package io.involution.layers;

import java.util.Random;
import java.util.function.Function;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Random numbers for a comparison of float32 with float64. Where a ReLU or a maximum is nearly
 * undecided, the two may rightly take different sides, and then whole gradients differ: such
 * numbers are drawn again.
 */
public final class SteadyNumbers {
  /** Relative changes of the pixels, 50 times what float32 rounds. */
  private static final double NUDGE = 3e-6;

  private static final int NUDGES = 2;

  /**
   * What gradients may change by: far from kinks, about as much as the pixels do, measured by their
   * deviation from the mean.
   */
  private static final double STEADY = 3e-5;

  private static final int DRAWS = 1000;

  private SteadyNumbers() {}

  /** The first seed, counted up from a fresh one, with which numbers are steady. */
  public static long seed(LongPredicate steady) {
    long seed = new Random().nextLong();
    for (int i = 0; i < DRAWS; i++) {
      if (steady.test(seed + i)) {
        return seed + i;
      }
    }
    throw new AssertionError("no steady numbers with " + DRAWS + " seeds from " + seed);
  }

  /**
   * Whether no kink is so near that rounded pixels may lie on its other side.
   *
   * @param pixels in float64
   * @param gradients the exact ones, for pixels; entries may be null
   */
  public static boolean steady(
      INDArray pixels, Function<INDArray, INDArray[]> gradients, Random random) {
    INDArray[] exact = gradients.apply(pixels);
    double mean = pixels.meanNumber().doubleValue();
    double most = STEADY * norm(pixels) / norm(pixels.sub(mean));
    return steady(pixels, random, nudged -> near(exact, gradients.apply(nudged), most));
  }

  /**
   * Whether slightly changed pixels give much the same.
   *
   * @param pixels in float64
   * @param alike whether the results of pixels are near enough to those of {@code pixels}
   */
  public static boolean steady(INDArray pixels, Random random, Predicate<INDArray> alike) {
    for (int i = 0; i < NUDGES; i++) {
      INDArray change = InvolutionFixture.random(random, pixels.dataType(), pixels.shape());
      change.muli(pixels).muli(NUDGE);
      // A kink less than the change away lies between the pixels and one of these.
      if (!alike.test(pixels.add(change)) || !alike.test(pixels.sub(change))) {
        return false;
      }
    }
    return true;
  }

  private static boolean near(INDArray[] exact, INDArray[] nudged, double most) {
    for (int i = 0; i < exact.length; i++) {
      if (exact[i] != null && norm(nudged[i].sub(exact[i])) > most * norm(exact[i])) {
        return false;
      }
    }
    return true;
  }

  private static double norm(INDArray values) {
    return values.norm2Number().doubleValue();
  }
}
