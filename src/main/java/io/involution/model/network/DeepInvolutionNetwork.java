package io.involution.model.network;

import io.involution.layers.Involution;
import io.involution.layers.ShortcutVertex;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;

/**
 * The deep convolution network with involutions in it: but for the first, its convolutions are 1 x
 * 1, and what they see beyond a pixel they see through involutions, each of which adds to its input
 * {@code x + GELU(BN(involution(x)))}. A half of a block is a convolution, in {@code a} a max-pool,
 * a BatchNorm and a GELU, and such an involution. By part of the network, for CIFAR-10: output,
 * parameters and statistics, and multiply-adds of a forward pass for one image, without those of
 * the BatchNorms between layers:
 *
 * <pre>
 * whitening  [images, 24, 31, 31]          312      276,768
 * gelu       [images, 24, 31, 31]            0            0
 * 1a         [images, 64, 15, 15]       17,012   14,238,864
 * 1b         [images, 64, 15, 15]        7,284    1,875,600
 * 2a         [images, 256, 7, 7]        60,624    6,060,352
 * 2b         [images, 256, 7, 7]       109,776    5,585,216
 * 3a         [images, 256, 3, 3]       109,776    3,647,296
 * 3b         [images, 256, 3, 3]       109,776    1,025,856
 * pool       [images, 256]                   0            0
 * output     [images, 10]                2,560        2,560
 * all        [images, 10]              417,120   32,712,512
 * </pre>
 *
 * <p>411,648 of the parameters are trained.
 */
public final class DeepInvolutionNetwork {
  /** What was chosen: the one place of it. */
  private static final Design CHOSEN = new Design(List.of(64, 256, 256), 3, 5, 16, 4);

  private DeepInvolutionNetwork() {}

  /**
   * The hyperparameters.
   *
   * @param widths channels of each block
   * @param stem rows and columns of the first convolution's filters
   * @param kernelSize rows and columns of the involutions' kernels
   * @param groupChannels channels that share a kernel; they are adjacent
   * @param reductionRatio channels per reduced channel of the kernel generators
   */
  record Design(
      List<Integer> widths, int stem, int kernelSize, int groupChannels, int reductionRatio) {}

  /** The network's configuration: filters start as the identity, the updater, float32. */
  public static ComputationGraphConfiguration configuration(NetworkOptions options) {
    return configuration(options, CHOSEN);
  }

  /** The same with other hyperparameters. */
  static ComputationGraphConfiguration configuration(NetworkOptions options, Design design) {
    GraphBuilder layers = DeepFrame.begin(options);
    String before = "gelu";
    for (int block = 1; block <= design.widths().size(); block++) {
      int size = block == 1 ? design.stem() : 1;
      before = half(layers, design, new Half(block, "a", size), before);
      before = half(layers, design, new Half(block, "b", 1), before);
    }
    return DeepFrame.end(options, layers, before);
  }

  /** Half a block: a convolution, and an involution that adds to it; the first half pools. */
  private record Half(int block, String letter, int kernelSize) {
    String name(String layer) {
      return layer + block + letter;
    }
  }

  private static String half(GraphBuilder layers, Design design, Half half, String before) {
    int width = design.widths().get(half.block() - 1);
    String convolution = half.name("conv");
    String norm = half.name("norm");
    String involution = half.name("involution");
    String shortcut = half.name("shortcut");
    layers
        .addLayer(
            convolution,
            DeepFrame.convolution(width, half.kernelSize()).pool(half.letter().equals("a")).build(),
            before)
        .addLayer(norm, DeepFrame.norm(), convolution)
        .addLayer(
            involution,
            new Involution.Builder()
                .kernelSize(design.kernelSize())
                .groups(width / design.groupChannels())
                .contiguous()
                .reductionRatio(design.reductionRatio())
                .build(),
            norm);
    ShortcutVertex.addAfterActivation(layers, shortcut, DeepFrame.norm(), involution, norm);
    return shortcut;
  }
}
