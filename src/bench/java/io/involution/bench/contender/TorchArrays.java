package io.involution.bench.contender;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import io.involution.data.ImageShape;
import java.util.List;

/**
 * Makes PyTorch's arrays. With the channels last, an array of four dimensions keeps its shape and
 * its numbers; only its strides differ, and PyTorch's convolutions go by them.
 */
record TorchArrays(NDManager manager, boolean channelsLast) {

  /** What a network's arrays hold at first. */
  PtNDArray[] initial(List<TorchParameter> arrays) {
    InitialWeights weights = new InitialWeights();
    return arrays.stream()
        .map(each -> of(each.draw(weights), each.shape().stream().mapToLong(i -> i).toArray()))
        .toArray(PtNDArray[]::new);
  }

  /** Zeros in the shapes of a network's arrays. */
  PtNDArray[] zeros(List<TorchParameter> arrays) {
    return arrays.stream()
        .map(
            each -> of(new float[each.length()], each.shape().stream().mapToLong(i -> i).toArray()))
        .toArray(PtNDArray[]::new);
  }

  /** A minibatch's images. */
  PtNDArray images(BenchData data, int minibatch) {
    return of(
        data.channelsFirst(minibatch),
        data.batch(),
        ImageShape.CIFAR10.channels(),
        ImageShape.CIFAR10.height(),
        ImageShape.CIFAR10.width());
  }

  /** A minibatch's labels, each the number of its class. */
  PtNDArray labels(BenchData data, int minibatch) {
    long[] labels = new long[data.batch()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = data.shard().label(minibatch * data.batch() + i);
    }
    return (PtNDArray) manager.create(labels);
  }

  private PtNDArray of(float[] values, long... shape) {
    if (!channelsLast || shape.length != 4) {
      return (PtNDArray) manager.create(values, new Shape(shape));
    }
    Shape stored = new Shape(shape[0], shape[2], shape[3], shape[1]);
    return (PtNDArray) manager.create(channelsLast(values, shape), stored).transpose(0, 3, 1, 2);
  }

  private static float[] channelsLast(float[] values, long... shape) {
    int channels = (int) shape[1];
    int plane = (int) (shape[2] * shape[3]);
    float[] rearranged = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      int image = i / (channels * plane);
      int channel = i / plane % channels;
      rearranged[(image * plane + i % plane) * channels + channel] = values[i];
    }
    return rearranged;
  }
}
