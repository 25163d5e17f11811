package io.involution.cuda.update;

import io.involution.cuda.layer.Activations;
import io.involution.cuda.layer.DeviceArrays;
import io.involution.cuda.layer.ExamplesOnDevice;
import io.involution.cuda.layer.LayerPlace;
import io.involution.cuda.layer.RoundOnDevice;
import io.involution.cuda.layer.ShardOnDevice;
import io.involution.cuda.layer.SoftmaxOnDevice;
import io.involution.data.ImageShape;
import io.involution.data.Shard;
import io.involution.layers.SoftmaxCrossEntropy;
import io.involution.model.Normalization;
import io.involution.train.StepSums;
import java.util.stream.IntStream;

/** Ends of steps on an emulated device, with an output layer and nothing else of a network. */
final class UpdateRun {
  private static final ImageShape IMAGE = new ImageShape(1, 1, 1);
  private static final int CLASSES = 3;

  /** A minibatch that is all there is: adding up 300 losses takes every thread of a block. */
  private static final int CAPACITY = 300;

  private final DeviceArrays arrays;
  private final RoundOnDevice round;
  private final VectorsOnDevice vectors;
  private final ExamplesOnDevice examples;
  private final SoftmaxOnDevice output;
  private final UpdateOnDevice update;

  /** A network with these parameters; its state is NaN. */
  UpdateRun(DeviceArrays arrays, UpdateRule rule, float... parameters) {
    this.arrays = arrays;
    round = new RoundOnDevice(arrays.device());
    int length = parameters.length;
    vectors =
        new VectorsOnDevice(
            arrays.copy(parameters),
            arrays.poison(length),
            arrays.poison(length),
            arrays.poison(length),
            length);
    examples = new ExamplesOnDevice(arrays.device(), round, IMAGE, Normalization.NONE, CAPACITY);
    output = softmax();
    update = new UpdateOnDevice(arrays.device(), round, vectors, rule, output);
  }

  private SoftmaxOnDevice softmax() {
    int[] labels = arrays.random().ints(CAPACITY, 0, CLASSES).toArray();
    LayerPlace place =
        new LayerPlace(
            arrays.device(),
            new Activations(arrays.copy(arrays.numbers(CAPACITY)), 0, 1, 1, 1),
            round.header(),
            arrays.copy(arrays.numbers(2 * CLASSES)),
            arrays.poison(2 * CLASSES),
            CAPACITY);
    return new SoftmaxOnDevice(
        place, CLASSES, true, arrays.copy(labels), new SoftmaxCrossEntropy());
  }

  VectorsOnDevice vectors() {
    return vectors;
  }

  SoftmaxOnDevice output() {
    return output;
  }

  StepSums sums() {
    return update.sums();
  }

  /** Begins a round of random examples. */
  void begin(float[] rates, int... bounds) {
    int size = bounds[bounds.length - 1];
    short[] labels = new short[size];
    IntStream.range(0, size).forEach(i -> labels[i] = (short) arrays.random().nextInt(CLASSES));
    byte[] pixels = new byte[size];
    arrays.random().nextBytes(pixels);
    Shard shard = new Shard(IMAGE, CLASSES, pixels, labels);
    round.begin(
        new ShardOnDevice(arrays.device(), shard),
        IntStream.range(0, size).toArray(),
        new long[0],
        bounds,
        rates);
  }

  /** Takes the next step with sums of gradients. */
  void step(float... gradients) {
    arrays.device().write(vectors.gradients(), gradients);
    examples.forward(true);
    output.forward(true);
    update.step();
  }
}
