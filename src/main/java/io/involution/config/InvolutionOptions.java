package io.involution.config;

import io.involution.failure.InputException;

/**
 * The hyper-parameters that the three involutions of the involution network share. Its images have
 * 3 channels of 32 x 32 pixels, which bounds them. Those of the wide involution network are fixed.
 *
 * @param kernelSize rows and columns of the generated kernels
 * @param groups number of groups of channels that share their kernels
 * @param reductionRatio how many times fewer channels the kernel generation works with
 * @param stride distance of neighbouring patches in rows and columns
 */
public record InvolutionOptions(int kernelSize, int groups, int reductionRatio, int stride) {
  /** Those of the reference run. */
  public static final InvolutionOptions REFERENCE = new InvolutionOptions(3, 1, 2, 1);

  private static final int MOST_KERNEL_SIZE = 31;
  private static final int CHANNELS = 3;

  /** With a stride of 4 the second max-pool would leave nothing of the image. */
  private static final int MOST_STRIDE = 3;

  /** Checks every number against its bounds. */
  public InvolutionOptions {
    within("kernel-size", kernelSize, MOST_KERNEL_SIZE);
    within("stride", stride, MOST_STRIDE);
    if (groups != 1 && groups != CHANNELS) {
      throw new InputException(
          "--groups is " + groups + ", which does not divide the 3 channels: use 1 or 3");
    }
    AtLeast.require("--reduction-ratio", reductionRatio, 1);
  }

  private static void within(String option, int value, int most) {
    if (value < 1 || value > most) {
      throw new InputException("--" + option + " is " + value + ": use 1 to " + most);
    }
  }
}
