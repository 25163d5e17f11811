package io.involution.layers;

import io.involution.compute.NativeThreads;
import io.involution.layers.involution.ParameterOffsets;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** One involution layer outside a network, with random parameters. */
public final class InvolutionFixture {
  final Involution conf;
  public final InvolutionLayer layer;
  public final INDArray parameters;
  public final INDArray gradient;
  final ParameterOffsets offsets;
  private final DataType type;

  public InvolutionFixture(Involution.Builder builder, int channels, DataType type, Random random) {
    this.type = type;
    NativeThreads.useOne();
    conf = builder.nIn(channels).build();
    offsets = conf.offsets();
    NeuralNetConfiguration network = new NeuralNetConfiguration.Builder().layer(conf).build();
    parameters = Nd4j.create(type, 1, offsets.length);
    gradient = Nd4j.valueArrayOf(new long[] {1, offsets.length}, 777.0, type);
    Layer made =
        ((Involution) network.getLayer())
            .instantiate(network, List.of(), 0, parameters, true, type);
    made.setBackpropGradientsViewArray(gradient);
    layer = (InvolutionLayer) made;
    randomize(random);
  }

  /** Gives every parameter, biases too, a value that matters. */
  private void randomize(Random random) {
    for (int i = 0; i < offsets.length; i++) {
      parameters.putScalar(i, random.nextGaussian() * 0.7);
    }
    for (int r = 0; r < conf.reducedChannels(); r++) {
      // Most positions stay above the ReLU: a handful of survivors would leave nothing to compare.
      parameters.putScalar(offsets.gamma + r, 0.5 + random.nextDouble());
      parameters.putScalar(offsets.beta + r, 0.3 + 0.5 * random.nextDouble());
      parameters.putScalar(offsets.mean + r, 0.3 * random.nextGaussian());
      parameters.putScalar(offsets.variance + r, 0.3 + random.nextDouble());
    }
  }

  public static INDArray random(Random random, DataType type, long... shape) {
    INDArray array = Nd4j.create(type, shape);
    for (long i = 0; i < array.length(); i++) {
      array.putScalar(i, random.nextGaussian());
    }
    return array;
  }

  /**
   * The largest mean of what a BatchNorm gets, in its standard deviations, for pixels of standard
   * deviation 1: how many digits of the deviations float32 loses.
   *
   * @param pixels the pixels' mean
   * @param biased whether the biases of the first 1x1 convolution are added
   */
  public double offset(double pixels, boolean biased) {
    int channels = offsets.reduceBias / conf.reducedChannels();
    double largest = 0;
    for (int r = 0; r < conf.reducedChannels(); r++) {
      double mean = biased ? parameters.getDouble(offsets.reduceBias + r) : 0;
      double squares = 0;
      for (int i = r * channels; i < (r + 1) * channels; i++) {
        mean += pixels * parameters.getDouble(i);
        squares += Math.pow(parameters.getDouble(i), 2);
      }
      // Strides average as many rows and columns as they leave out.
      double deviation = Math.sqrt(squares) / conf.getStride();
      largest = Math.max(largest, Math.abs(mean) / deviation);
    }
    return largest;
  }

  public INDArray forward(INDArray input, boolean training) {
    layer.setInput(input.castTo(type), LayerWorkspaceMgr.noWorkspaces());
    return layer.activate(training, LayerWorkspaceMgr.noWorkspaces());
  }

  /** Runs the backward pass and returns the input's gradient; the parameters' is in the field. */
  public INDArray backward(INDArray epsilon) {
    Pair<Gradient, INDArray> result =
        layer.backpropGradient(epsilon.castTo(type), LayerWorkspaceMgr.noWorkspaces());
    return result.getSecond();
  }
}
