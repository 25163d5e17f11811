package io.involution.config;

import static io.involution.config.Option.Group.NETWORKS;

import io.involution.failure.InputException;

/**
 * The hyperparameters that the three involutions of the involution network share. Its images have 3
 * channels of 32 x 32 pixels, which bounds them. Those of the wide involution network are fixed.
 */
public record InvolutionOptions(
    @Option(
            name = "kernel-size",
            group = NETWORKS,
            defaultValue = "3",
            label = "K",
            least = 1,
            most = 31,
            help = "Rows and columns of the involution network's kernels.",
            details = "involution-wide has involutions of its own: leave this option out with it.")
        int kernelSize,
    @Option(
            name = "groups",
            group = NETWORKS,
            defaultValue = "1",
            label = "G",
            least = 1,
            most = 3,
            help = "Groups of channels that share a kernel in the involution network: 1 or 3.",
            details = "It has to divide the 3 channels.")
        int groups,
    @Option(
            name = "reduction-ratio",
            group = NETWORKS,
            defaultValue = "2",
            label = "R",
            least = 1,
            help = "Channel reduction ratio of the involution network's kernel generator.")
        int reductionRatio,
    @Option(
            name = "stride",
            group = NETWORKS,
            defaultValue = "1",
            label = "S",
            least = 1,
            // With a stride of 4 the second max-pool would leave nothing of the image.
            most = 3,
            help = "Stride of the involution network's involutions.")
        int stride) {

  /** Those of the reference run. */
  public static final InvolutionOptions REFERENCE = new InvolutionOptions(3, 1, 2, 1);

  private static final int CHANNELS = 3;

  /** Checks every number against its bounds: model files have them too. */
  public InvolutionOptions {
    DeclaredOption.check(InvolutionOptions.class, kernelSize, groups, reductionRatio, stride);
    if (CHANNELS % groups != 0) {
      throw new InputException(
          "--groups is " + groups + ", which does not divide the 3 channels: use 1 or 3");
    }
  }
}
