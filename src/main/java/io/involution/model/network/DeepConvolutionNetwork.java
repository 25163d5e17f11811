package io.involution.model.network;

import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;

/**
 * A convolution network of the form of airbench94 (Jordan, "94% on CIFAR-10 in 3.29 Seconds on a
 * Single GPU", 2024). Each of its three blocks has two halves, {@code a} and {@code b}, of a
 * convolution of 3 x 3, in {@code a} a max-pool of 2 x 2, a BatchNorm without a factor, and a GELU.
 * By part of the network, for CIFAR-10: output, parameters and statistics, and multiply-adds of a
 * forward pass for one image, without those of the BatchNorms:
 *
 * <pre>
 * whitening  [images, 24, 31, 31]          312      276,768
 * gelu       [images, 24, 31, 31]            0            0
 * 1a         [images, 64, 15, 15]       14,016   13,284,864
 * 1b         [images, 64, 15, 15]       37,056    8,294,400
 * 2a         [images, 256, 7, 7]       148,224   33,177,600
 * 2b         [images, 256, 7, 7]       590,592   28,901,376
 * 3a         [images, 256, 3, 3]       590,592   28,901,376
 * 3b         [images, 256, 3, 3]       590,592    5,308,416
 * pool       [images, 256]                   0            0
 * output     [images, 10]                2,560        2,560
 * all        [images, 10]            1,973,944  118,147,360
 * </pre>
 *
 * <p>1,971,352 of the parameters are trained. The others are the whitening's filters and the
 * running statistics. What airbench94 does besides, and this does not: its whitening's biases learn
 * in the first three epochs only.
 */
public final class DeepConvolutionNetwork {
  /** Filters of both convolutions of each block. */
  private static final List<Integer> WIDTHS = List.of(64, 256, 256);

  private static final int KERNEL_SIZE = 3;

  private DeepConvolutionNetwork() {}

  /** The network's configuration: filters start as the identity, the updater, float32. */
  public static ComputationGraphConfiguration configuration(NetworkOptions options) {
    return configuration(options, WIDTHS);
  }

  /** The same with other numbers of filters, a block for each. */
  static ComputationGraphConfiguration configuration(NetworkOptions options, List<Integer> widths) {
    GraphBuilder layers = DeepFrame.begin(options);
    String before = "gelu";
    for (int block = 1; block <= widths.size(); block++) {
      int width = widths.get(block - 1);
      before = half(layers, block + "a", width, true, before);
      before = half(layers, block + "b", width, false, before);
    }
    return DeepFrame.end(options, layers, before);
  }

  private static String half(
      GraphBuilder layers, String place, int width, boolean pool, String before) {
    String convolution = "conv" + place;
    String norm = "norm" + place;
    layers
        .addLayer(convolution, DeepFrame.convolution(width, KERNEL_SIZE).pool(pool).build(), before)
        .addLayer(norm, DeepFrame.norm(), convolution);
    return norm;
  }
}
