package io.involution.config;

import io.involution.config.option.Option;
import io.involution.failure.InputException;

/**
 * The hyperparameters that the three involutions of the involution network share. Its images have 3
 * channels of 32 x 32 pixels, which bounds them. Those of the wide involution network are fixed.
 */
public record InvolutionOptions(
    @Option(
            defaultValue = "3",
            least = 1,
            most = 31,
            help = "Rows and columns of the kernels of --model involution.")
        int kernelSize,
    @Option(
            defaultValue = "1",
            least = 1,
            most = 3,
            help = "Groups of channels that share a kernel in --model involution: 1 or 3.")
        int groups,
    @Option(
            defaultValue = "2",
            least = 1,
            help = "Channel reduction ratio of the kernel generator of --model involution.")
        int reductionRatio,
    // With a stride of 4 nothing of the image would be left after the second max-pool.
    @Option(
            defaultValue = "1",
            least = 1,
            most = 3,
            help = "Stride of the involutions of --model involution.")
        int stride) {

  /** The hyperparameters of the reference run. */
  public static final InvolutionOptions REFERENCE = new InvolutionOptions(3, 1, 2, 1);

  private static final int CHANNELS = 3;

  /** Checks every number against its bounds: values also come from model files. */
  public InvolutionOptions {
    DeclaredOption.check(InvolutionOptions.class, kernelSize, groups, reductionRatio, stride);
    if (CHANNELS % groups != 0) {
      throw new InputException(
          "--groups is " + groups + ", which does not divide the 3 channels: use 1 or 3");
    }
  }
}
