package io.involution.site;

import io.involution.data.ImageShape;
import io.involution.model.network.NetworkDesign;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** A small network of stock DL4J layers for images of any shape. */
public final class LeNet implements NetworkDesign {
  @Override
  public ComputationGraphConfiguration configuration(ImageShape image, int classes) {
    return new NeuralNetConfiguration.Builder()
        .seed(1)
        .updater(new Nesterovs(0.01, 0.9))
        .graphBuilder()
        .addInputs("images")
        .setInputTypes(InputType.convolutional(image.height(), image.width(), image.channels()))
        .addLayer("conv", new ConvolutionLayer.Builder(5, 5).nOut(20).build(), "images")
        .addLayer("norm", new BatchNormalization(), "conv")
        .addLayer("pool", new SubsamplingLayer.Builder().build(), "norm")
        .addLayer(
            "output",
            new OutputLayer.Builder(LossFunction.MCXENT)
                .nOut(classes)
                .activation(Activation.SOFTMAX)
                .build(),
            "pool")
        .setOutputs("output")
        .build();
  }

  /** Writes it as a file for images of 3 x 32 x 32 in 10 classes. */
  public static void main(String[] arguments) throws IOException {
    String json = new LeNet().configuration(ImageShape.CIFAR10, 10).toJson();
    Files.writeString(Path.of(arguments[0]), json);
  }
}
