package io.involution.cuda;

import io.involution.config.Precision;
import io.involution.cuda.driver.CudaDevice;
import io.involution.cuda.driver.CudaFault;
import io.involution.cuda.driver.CudaLibrary;
import io.involution.cuda.layer.RoundOnDevice;
import io.involution.cuda.layer.ShardOnDevice;
import io.involution.data.ImageShape;
import io.involution.data.Shard;
import io.involution.evaluate.Evaluation;
import io.involution.evaluate.Evaluator;
import io.involution.model.network.NativeMemory;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.state.ModelState;
import io.involution.train.LocalSteps;
import io.involution.train.StepEngine;
import io.involution.train.StepSums;
import io.involution.train.time.Round;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * A network on an NVIDIA device, by the job's own kernels. State and numbers of a round cross to
 * the device once, shards stay there. Several engines may share a device.
 */
public final class CudaEngine implements StepEngine {
  /** Steps between two looks at whether the round was canceled: some 10 ms on a fast device. */
  private static final int STEPS_BETWEEN_LOOKS = 32;

  /** Minibatches' sizes for which the memory is kept: those of training and of evaluation. */
  private static final int MOST_NETWORKS = 3;

  private static final long[] UNCHANGED = {};
  private static final float[] NO_RATES = {};

  private final CudaDevice device;
  private final NetworkPlace place;
  private final StateOnDevice state;
  private final ShardsOnDevice shards;

  /** The one that was used last is first. */
  private final Deque<NetworkOnDevice> networks = new ArrayDeque<>();

  /**
   * Opens a device and puts a network with its initial weights there.
   *
   * @param ordinal the device's number in this process
   * @throws io.involution.failure.InputException as {@link #check} does
   * @throws CudaFault when the device cannot be used
   */
  public CudaEngine(NetworkBlueprint blueprint, CudaLibrary library, int ordinal) {
    this(new CudaNetwork(blueprint), library, ordinal);
  }

  /**
   * The same for a network of which everything is known.
   *
   * @throws CudaFault when the device cannot be used
   */
  public CudaEngine(CudaNetwork network, CudaLibrary library, int ordinal) {
    this(network, library, ordinal, Precision.FLOAT32);
  }

  /**
   * The same in another precision, which the device must have.
   *
   * @throws CudaFault when the device cannot be used
   */
  public CudaEngine(CudaNetwork network, CudaLibrary library, int ordinal, Precision precision) {
    device = CudaDevice.open(library, ordinal);
    try {
      state = new StateOnDevice(device, network.moments());
      place =
          new NetworkPlace(
              device,
              network.graph(),
              network.layout(),
              network.normalization(),
              network.rule(),
              new RoundOnDevice(device),
              state.vectors(),
              precision);
      state.restore(network.initial());
    } catch (RuntimeException e) {
      device.close();
      throw e;
    }
    shards = new ShardsOnDevice(device);
  }

  /**
   * Sees that the kernels can compute a network; needs no device.
   *
   * @throws io.involution.failure.InputException naming the layer that they cannot compute, and why
   */
  public static void check(NetworkBlueprint blueprint) {
    new CudaNetwork(blueprint);
  }

  @Override
  public void restore(ModelState restored) {
    state.restore(restored);
  }

  @Override
  public StepSums take(LocalSteps steps, BooleanSupplier cancelled) {
    Shard shard = steps.shard();
    Round round = steps.assignment().round();
    int even = (shard.size() + round.stepsPerEpoch() - 1) / round.stepsPerEpoch();
    NetworkOnDevice network = network(shard.image(), Math.max(even, steps.mostExamples()));
    float[] rates = place.rule().rates(state.iteration(), state.before(), steps.steps());
    place.round().begin(shards.of(shard), steps.order(), steps.views(), steps.bounds(), rates);
    for (int step = 0; step < steps.steps(); step++) {
      if (step % STEPS_BETWEEN_LOOKS == 0) {
        look(step, cancelled);
      }
      network.step();
    }
    state.count(steps.steps());
    return network.sums();
  }

  private void look(int step, BooleanSupplier cancelled) {
    if (step > 0) {
      device.synchronize();
    }
    if (cancelled.getAsBoolean()) {
      throw new CancellationException("the round was canceled");
    }
  }

  @Override
  public ModelState capture() {
    return state.capture();
  }

  @Override
  public Evaluation evaluate(Shard shard) {
    NetworkOnDevice network = network(shard);
    return Evaluator.evaluate(
        shard, NativeMemory.EVALUATED, pass(network, shards.of(shard), shard.size()));
  }

  @Override
  public float[][] probabilities(Shard shard) {
    float[][] all = new float[shard.size()][];
    NetworkOnDevice network = network(shard);
    // Images that are classified once: they need not stay.
    try (ShardOnDevice copy = shards.copy(shard)) {
      Evaluator.Pass pass = pass(network, copy, shard.size());
      for (int from = 0; from < all.length; from += NativeMemory.EVALUATED) {
        int to = Math.min(all.length, from + NativeMemory.EVALUATED);
        System.arraycopy(pass.probabilities(from, to), 0, all, from, to - from);
      }
    }
    return all;
  }

  /** The network that evaluates a shard. */
  private NetworkOnDevice network(Shard shard) {
    // Of more workers than examples, some have none.
    int examples = Math.max(1, shard.size());
    int most = Math.min(NativeMemory.EVALUATED, Integer.highestOneBit(2 * examples - 1));
    return network(shard.image(), most);
  }

  private Evaluator.Pass pass(NetworkOnDevice network, ShardOnDevice copy, int size) {
    int[] order = IntStream.range(0, size).toArray();
    place.round().begin(copy, order, UNCHANGED, new int[2], NO_RATES);
    return (from, to) -> {
      place.round().minibatch(from, to);
      network.forward();
      return Probabilities.of(network.logits(to - from), to - from);
    };
  }

  /**
   * The network for images of a shape and minibatches of at most so many examples. It may take the
   * place of any shard: a shard is asked for after its network.
   */
  private NetworkOnDevice network(ImageShape image, int capacity) {
    NetworkOnDevice found =
        networks.stream().filter(one -> one.fits(image, capacity)).findFirst().orElse(null);
    if (found == null) {
      while (networks.size() >= MOST_NETWORKS) {
        networks.removeLast().close();
      }
      found = built(image, capacity);
    } else {
      networks.remove(found);
    }
    networks.addFirst(found);
    return found;
  }

  /** Builds a network; where other networks and shards leave too little memory, in their place. */
  private NetworkOnDevice built(ImageShape image, int capacity) {
    try {
      return attempt(image, capacity);
    } catch (CudaFault e) {
      if (e.kind() != CudaFault.Kind.OUT_OF_MEMORY) {
        throw e;
      }
      networks.forEach(NetworkOnDevice::close);
      networks.clear();
      shards.close();
      return attempt(image, capacity);
    }
  }

  /** Layers that get only some of their memory keep it: another attempt may need it. */
  private NetworkOnDevice attempt(ImageShape image, int capacity) {
    return device.allOrNothing(() -> new NetworkOnDevice(place, image, capacity));
  }

  /** Gives back all memory of the device. */
  @Override
  public void close() {
    device.close();
  }
}
