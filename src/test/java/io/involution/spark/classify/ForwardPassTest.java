package io.involution.spark.classify;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.data.ImageShape;
import io.involution.layers.ConvolutionBlock;
import io.involution.layers.GlobalPool;
import io.involution.layers.SoftmaxOutput;
import io.involution.model.network.NativeMemory;
import io.involution.model.network.NetworkBlueprint;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.junit.jupiter.api.Test;

class ForwardPassTest {
  private static NetworkBlueprint network(ImageShape image, int filters) {
    return NetworkBlueprint.of(
        "users",
        new NeuralNetConfiguration.Builder()
            .graphBuilder()
            .addInputs("images")
            .setInputTypes(InputType.convolutional(image.height(), image.width(), image.channels()))
            .addLayer("conv", new ConvolutionBlock.Builder().nOut(filters).build(), "images")
            .addLayer("pool", new GlobalPool(GlobalPool.Kind.MAX), "conv")
            .addLayer("output", new SoftmaxOutput(10), "pool")
            .setOutputs("output")
            .build());
  }

  /** As evaluations obey them; 256 images would make an array of 4 GiB. */
  @Test
  void aMinibatchObeysTheLimitsOfTheLayersArrays() {
    NetworkBlueprint wide = network(ImageShape.CIFAR10, 4096);

    assertThat(ForwardPass.batch(wide, ImageShape.CIFAR10))
        .isEqualTo(NativeMemory.evaluated(wide, ImageShape.CIFAR10))
        .isBetween(1, 127);
  }

  @Test
  void aMinibatchHas256ImagesOf32x32PixelsAndFewerOfLargerOnes() {
    ImageShape large = new ImageShape(3, 256, 128);

    assertThat(ForwardPass.batch(network(ImageShape.CIFAR10, 4), ImageShape.CIFAR10))
        .isEqualTo(256);
    assertThat(ForwardPass.batch(network(large, 4), large)).isEqualTo(8);
  }
}
