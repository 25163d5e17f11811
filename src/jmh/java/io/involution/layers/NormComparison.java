package io.involution.layers;

import io.involution.compute.ImageChunks;
import io.involution.compute.NativeThreads;
import io.involution.layers.norm.BatchNormKernel;
import io.involution.layers.norm.ShortcutPlace;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationGELU;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What a BatchNorm with its activation costs on the CPU, in nanoseconds of one thread's CPU time
 * for each value, forward and backward, beside DL4J's BatchNormalization and ActivationLayer. They
 * take turns, so that a busy machine slows all of them alike. Compiled with the JMH benchmarks:
 * {@code mvn -q -f src/bench/pom.xml process-classes
 * -Dbench.main=io.involution.layers.NormComparison "-Dbench.arguments=20 256,64,32"}; the arguments
 * are the number of turns and the images, channels, and rows and columns.
 */
public final class NormComparison {
  private static final int WARM_UP = 5;
  private static final LayerWorkspaceMgr WORKSPACES = LayerWorkspaceMgr.noWorkspaces();

  private NormComparison() {}

  /** Prints a table; takes the number of turns and the sizes. */
  public static void main(String[] arguments) {
    int turns = arguments.length == 0 ? 10 : Integer.parseInt(arguments[0]);
    String sizes = arguments.length < 2 ? "256,64,32" : arguments[1];
    int[] size = Arrays.stream(sizes.split(",", -1)).mapToInt(Integer::parseInt).toArray();
    NativeThreads.useOne();
    ImageChunks.useThreads(1);
    INDArray images = LayerState.random(size[0], size[1], size[2], size[2]);
    Map<String, Step> steps = new LinkedHashMap<>();
    for (Activation function : List.of(Activation.IDENTITY, Activation.RELU, Activation.GELU)) {
      for (ShortcutPlace place : List.of(ShortcutPlace.NONE, ShortcutPlace.AFTER_ACTIVATION)) {
        steps.put("ours " + function + " shortcut " + place, new Own(function, place, images));
      }
    }
    steps.put("DL4J RELU", new Stock(new ActivationLayer(Activation.RELU), images));
    steps.put(
        "DL4J GELU by tanh", new Stock(new ActivationLayer(new ActivationGELU(true)), images));
    Map<String, Supplier<double[]>> measured = new LinkedHashMap<>();
    steps.forEach((name, step) -> measured.put(name, () -> nanoseconds(step, images.length())));
    Turns.take(measured, WARM_UP, turns)
        .forEach(
            (name, both) ->
                System.out.printf(
                    "%-40s forward %s backward %s%n",
                    name, Turns.quartiles(both[0]), Turns.quartiles(both[1])));
  }

  private static double[] nanoseconds(Step step, long values) {
    double forward = Turns.nanoseconds(step::forward);
    double backward = Turns.nanoseconds(step::backward);
    return new double[] {forward / values, backward / values};
  }

  /** Something that has a forward and a backward pass. */
  private interface Step {
    void forward();

    void backward();
  }

  /** The kernel, with memory that is reused as in a network. */
  private static final class Own implements Step {
    private final BatchNormKernel<?> kernel;
    private final INDArray parameters;
    private final INDArray gradient;
    private final INDArray output;
    private final BatchNormKernel.Inputs inputs;
    private final BatchNormKernel.Gradients gradients;

    Own(Activation function, ShortcutPlace place, INDArray images) {
      BatchNormBlock block =
          new BatchNormBlock.Builder().nIn(images.size(1)).activation(function).build();
      kernel = BatchNormKernel.of(DataType.FLOAT, block.settings(place));
      parameters = LayerState.random(1, block.offsets().length());
      block.offsets().views(parameters).get("var").assign(1);
      gradient = Nd4j.create(DataType.FLOAT, 1, block.offsets().length());
      output = images.dup('c');
      boolean shortcut = place != ShortcutPlace.NONE;
      inputs = new BatchNormKernel.Inputs(images, shortcut ? images : null);
      gradients = new BatchNormKernel.Gradients(images, output, shortcut ? images.dup('c') : null);
    }

    @Override
    public void forward() {
      kernel.forward(inputs, parameters, true, output);
    }

    @Override
    public void backward() {
      kernel.backward(inputs, gradients, gradient);
    }
  }

  /** DL4J's two layers. */
  private static final class Stock implements Step {
    private final org.deeplearning4j.nn.api.Layer norm;
    private final org.deeplearning4j.nn.api.Layer activation;
    private final INDArray images;

    Stock(ActivationLayer function, INDArray images) {
      this.images = images;
      BatchNormalization conf = new BatchNormalization();
      conf.setNIn(images.size(1));
      conf.setNOut(images.size(1));
      norm = layer(conf, DataType.FLOAT);
      activation = layer(function, DataType.FLOAT);
    }

    private static org.deeplearning4j.nn.api.Layer layer(
        org.deeplearning4j.nn.conf.layers.Layer conf, DataType type) {
      NeuralNetConfiguration network = new NeuralNetConfiguration.Builder().layer(conf).build();
      long length = network.getLayer().initializer().numParams(network);
      INDArray parameters = length == 0 ? null : Nd4j.create(type, 1, length);
      var layer = network.getLayer().instantiate(network, List.of(), 0, parameters, true, type);
      if (length > 0) {
        layer.setBackpropGradientsViewArray(Nd4j.create(type, 1, length));
      }
      return layer;
    }

    @Override
    public void forward() {
      norm.setInput(images, WORKSPACES);
      INDArray normalized = norm.activate(true, WORKSPACES);
      activation.setInput(normalized, WORKSPACES);
      activation.activate(true, WORKSPACES);
    }

    @Override
    public void backward() {
      INDArray given = activation.backpropGradient(images.dup('c'), WORKSPACES).getSecond();
      norm.backpropGradient(given, WORKSPACES);
    }
  }
}
