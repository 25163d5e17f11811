package io.involution.site;

import io.involution.layers.ConvolutionBlock;
import io.involution.layers.Involution;
import java.io.File;
import java.io.IOException;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * A convolution, an involution, and DL4J's own layers in one network, for RGB images of 48 x 64.
 */
public final class OwnNetwork {
  static final int CLASSES = 7;

  /** The network: input [images, 3, 48, 64], output [images, 7]. */
  static ComputationGraph network() {
    ComputationGraphConfiguration conf =
        new NeuralNetConfiguration.Builder()
            .seed(1)
            .updater(new Adam(0.01))
            .graphBuilder()
            .addInputs("images")
            .setInputTypes(InputType.convolutional(48, 64, 3))
            .addLayer("conv", new ConvolutionBlock.Builder().nOut(8).pool(true).build(), "images")
            .addLayer(
                "involution",
                new Involution.Builder().kernelSize(5).groups(2).stride(2).relu(true).build(),
                "conv")
            .addLayer("mean", new GlobalPoolingLayer(PoolingType.AVG), "involution")
            .addLayer(
                "output",
                new OutputLayer.Builder(LossFunction.MCXENT)
                    .nOut(CLASSES)
                    .activation(Activation.SOFTMAX)
                    .build(),
                "mean")
            .setOutputs("output")
            .build();
    ComputationGraph network = new ComputationGraph(conf);
    network.init();
    return network;
  }

  /** Trains on random images, saves the network, and loads it again. */
  public static void main(String[] arguments) throws IOException {
    Nd4j.getRandom().setSeed(1);
    INDArray images = Nd4j.rand(14, 3, 48, 64);
    INDArray labels = Nd4j.vstack(Nd4j.eye(CLASSES), Nd4j.eye(CLASSES));
    ComputationGraph network = network();
    System.out.println(network.summary());
    for (int step = 0; step < 40; step++) {
      network.fit(new DataSet(images, labels));
    }
    System.out.println("loss " + network.score());
    File file = File.createTempFile("own-network", ".zip");
    ModelSerializer.writeModel(network, file, true);
    ComputationGraph loaded = ModelSerializer.restoreComputationGraph(file);
    boolean same = loaded.outputSingle(images).equals(network.outputSingle(images));
    System.out.println("the loaded network gives the same output: " + same);
  }
}
