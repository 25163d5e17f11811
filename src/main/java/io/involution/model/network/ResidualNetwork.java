package io.involution.model.network;

import io.involution.layers.BatchNormBlock;
import io.involution.layers.ConvolutionBlock;
import io.involution.layers.GlobalPool;
import io.involution.layers.Involution;
import io.involution.layers.ShortcutVertex;
import io.involution.layers.SoftmaxOutput;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;

/**
 * The networks that the involution paper compares (Li et al., CVPR 2021), of depth 26, a quarter as
 * wide, and with the stem that images of 32 x 32 pixels need: ResNet-26 with bottlenecks (He et
 * al., CVPR 2016), and RedNet-26, which has involutions of 7 x 7 where the other has convolutions
 * of 3 x 3. A bottleneck's first convolution has the stride, so that both see the same pixels. The
 * factor of its last BatchNorm starts at 0 (Goyal et al., "Accurate, Large Minibatch SGD", 2017;
 * the paper's code too), so that it starts as its shortcut. An involution squares how far running
 * statistics are from a minibatch's: eight in a row overflowed when they were evaluated after few
 * steps.
 *
 * <p>By part of ResNet-26, for CIFAR-10: output, parameters and statistics, and multiply-adds of a
 * forward pass for one image, without those of the BatchNorms. Bottleneck 2-1 is the first one of
 * the second stage.
 *
 * <pre>
 * stem       [images, 16, 32, 32]          496      442,368
 * 1-1        [images, 64, 32, 32]        5,248    4,718,592
 * 2-1        [images, 128, 16, 16]      24,832    6,029,312
 * 2-2        [images, 128, 16, 16]      18,176    4,456,448
 * 3-1        [images, 256, 8, 8]        96,768    6,029,312
 * 3-2        [images, 256, 8, 8]        71,168    4,456,448
 * 3-3        [images, 256, 8, 8]        71,168    4,456,448
 * 3-4        [images, 256, 8, 8]        71,168    4,456,448
 * 4-1        [images, 512, 4, 4]       381,952    6,029,312
 * pool       [images, 512]                   0            0
 * output     [images, 10]                5,130        5,120
 * all        [images, 10]              746,106   41,079,808
 * </pre>
 *
 * <p>738,586 of the parameters are trained. RedNet-26, where 460,327 of the parameters are trained:
 *
 * <pre>
 * stem       [images, 16, 32, 32]          496      442,368
 * 1-1        [images, 64, 32, 32]        3,273    3,432,448
 * 2-1        [images, 128, 16, 16]      16,794    4,339,712
 * 2-2        [images, 128, 16, 16]      10,138    2,766,848
 * 3-1        [images, 256, 8, 8]        64,340    4,137,984
 * 3-2        [images, 256, 8, 8]        38,740    2,565,120
 * 3-3        [images, 256, 8, 8]        38,740    2,565,120
 * 3-4        [images, 256, 8, 8]        38,740    2,565,120
 * 4-1        [images, 512, 4, 4]       251,688    4,037,120
 * pool       [images, 512]                   0            0
 * output     [images, 10]                5,130        5,120
 * all        [images, 10]              468,079   26,856,960
 * </pre>
 */
public final class ResidualNetwork {
  private static final Design CHOSEN = new Design(16, List.of(1, 2, 4, 1));

  /** Output channels of a bottleneck per channel of its middle. */
  private static final int EXPANSION = 4;

  private static final int INVOLUTION_SIZE = 7;
  private static final int GROUP_CHANNELS = 16;
  private static final int REDUCTION_RATIO = 4;

  private final GraphBuilder layers;
  private final boolean involution;

  private ResidualNetwork(GraphBuilder layers, boolean involution) {
    this.layers = layers;
    this.involution = involution;
  }

  /**
   * The size of a network.
   *
   * @param width channels of the stem, and of the middle of the first stage's bottlenecks; each
   *     stage has twice those of the one before
   * @param stages number of bottlenecks of each stage
   */
  record Design(int width, List<Integer> stages) {}

  /** ResNet-26: weights after He et al., the updater, float32. */
  public static ComputationGraphConfiguration resnet(NetworkOptions options) {
    return configuration(options, CHOSEN, false);
  }

  /** RedNet-26: the same with involutions. */
  public static ComputationGraphConfiguration rednet(NetworkOptions options) {
    return configuration(options, CHOSEN, true);
  }

  /** Either with another size. */
  static ComputationGraphConfiguration configuration(
      NetworkOptions options, Design design, boolean involution) {
    GraphBuilder layers = ReferenceFrame.begin(options);
    ResidualNetwork network = new ResidualNetwork(layers, involution);
    String before = network.stem(design.width());
    for (int stage = 1; stage <= design.stages().size(); stage++) {
      int width = design.width() << (stage - 1);
      for (int number = 1; number <= design.stages().get(stage - 1); number++) {
        int stride = stage > 1 && number == 1 ? 2 : 1;
        before = network.bottleneck(stage + "-" + number, width, stride, before);
      }
    }
    return layers
        .addLayer("pool", new GlobalPool(GlobalPool.Kind.AVERAGE), before)
        .addLayer("output", new SoftmaxOutput(options.schema().classCount()), "pool")
        .setOutputs("output")
        .build();
  }

  private String stem(int width) {
    layers
        .addLayer(
            "stem", convolution(width, 3, 1).inputGradient(false).build(), ReferenceFrame.INPUT)
        .addLayer("stem-norm", norm(Activation.RELU), "stem");
    return "stem-norm";
  }

  private String bottleneck(String place, int width, int stride, String before) {
    layers
        .addLayer("reduce" + place, convolution(width, 1, stride).build(), before)
        .addLayer("reduce-norm" + place, norm(Activation.RELU), "reduce" + place);
    String middle = (involution ? "involution" : "conv") + place;
    if (involution) {
      layers.addLayer(middle, involution(width), "reduce-norm" + place);
    } else {
      layers.addLayer(middle, convolution(width, 3, 1).build(), "reduce-norm" + place);
    }
    layers
        .addLayer("norm" + place, norm(Activation.RELU), middle)
        .addLayer("expand" + place, convolution(EXPANSION * width, 1, 1).build(), "norm" + place);
    String shortcut = before;
    if (place.endsWith("-1")) {
      shortcut = "project-norm" + place;
      layers
          .addLayer("project" + place, convolution(EXPANSION * width, 1, stride).build(), before)
          .addLayer(shortcut, norm(Activation.IDENTITY), "project" + place);
    }
    BatchNormBlock last =
        new BatchNormBlock.Builder().gainInit(0).activation(Activation.RELU).build();
    ShortcutVertex.addBeforeActivation(layers, "block" + place, last, "expand" + place, shortcut);
    return "block" + place;
  }

  private static ConvolutionBlock.Builder convolution(int filters, int kernelSize, int stride) {
    return new ConvolutionBlock.Builder()
        .nOut(filters)
        .kernelSize(kernelSize)
        .stride(stride)
        .bias(false)
        .activation(Activation.IDENTITY)
        .weightInit(WeightInit.RELU);
  }

  private static Involution involution(int width) {
    return new Involution.Builder()
        .kernelSize(INVOLUTION_SIZE)
        .groups(Math.max(1, width / GROUP_CHANNELS))
        .contiguous()
        .reductionRatio(REDUCTION_RATIO)
        .build();
  }

  private static BatchNormBlock norm(Activation activation) {
    return new BatchNormBlock.Builder().activation(activation).build();
  }
}
