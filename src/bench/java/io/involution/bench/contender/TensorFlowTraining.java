package io.involution.bench.contender;

import io.involution.bench.BenchNetwork;
import io.involution.bench.NetworkSize;
import io.involution.data.DataSchema;
import io.involution.data.ImageShape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GraphOptions;
import org.tensorflow.proto.OptimizerOptions;
import org.tensorflow.types.TFloat32;

/**
 * TensorFlow's step in graph mode: forward, gradients and ApplyAdam in one session run. Its
 * minibatches lie ready as float32 tensors.
 */
public final class TensorFlowTraining implements Training {
  private final TensorGraph graph = new TensorGraph();
  private final Session session;
  private final NetworkSize size;
  private final Operand<TFloat32> images;
  private final Operand<TFloat32> labels;
  private final Operand<TFloat32> loss;
  private final List<Op> updates;
  private final List<TFloat32> imageTensors = new ArrayList<>();
  private final List<TFloat32> labelTensors = new ArrayList<>();
  private int taken;

  private TensorFlowTraining(TensorNetwork network, ContenderOptions options, int parallel) {
    BenchData data = new BenchData(options.batch());
    Shape imageShape =
        network.channelsLast()
            ? Shape.of(
                data.batch(),
                ImageShape.CIFAR10.height(),
                ImageShape.CIFAR10.width(),
                ImageShape.CIFAR10.channels())
            : Shape.of(
                data.batch(),
                ImageShape.CIFAR10.channels(),
                ImageShape.CIFAR10.height(),
                ImageShape.CIFAR10.width());
    Shape labelShape = Shape.of(data.batch(), DataSchema.CIFAR10.classCount());
    images = placeholder(imageShape);
    labels = placeholder(labelShape);
    Operand<TFloat32> losses =
        graph.tf.nn.softmaxCrossEntropyWithLogits(network.logits(graph, images), labels).loss();
    loss = graph.tf.math.mean(losses, graph.tf.constant(new int[] {0}));
    updates = graph.updates(loss);
    size = new NetworkSize(graph.trainableSize(), network.statistics());
    for (int minibatch = 0; minibatch < BenchData.BATCHES; minibatch++) {
      float[] pixels =
          network.channelsLast() ? data.channelsLast(minibatch) : data.channelsFirst(minibatch);
      imageTensors.add(TFloat32.tensorOf(imageShape, DataBuffers.of(pixels)));
      labelTensors.add(TFloat32.tensorOf(labelShape, DataBuffers.of(data.oneHot(minibatch))));
    }
    session = new Session(graph.graph, configuration(options.threads(), parallel, network));
    Session.Runner start = session.runner();
    graph.assignments().forEach(start::addTarget);
    start.run().close();
  }

  private Operand<TFloat32> placeholder(Shape shape) {
    return graph.tf.placeholder(TFloat32.class, Placeholder.shape(shape));
  }

  private static ConfigProto configuration(int threads, int parallel, TensorNetwork network) {
    OptimizerOptions optimizer =
        OptimizerOptions.newBuilder()
            .setGlobalJitLevel(
                network.compiled()
                    ? OptimizerOptions.GlobalJitLevel.ON_1
                    : OptimizerOptions.GlobalJitLevel.OFF)
            .build();
    return ConfigProto.newBuilder()
        .setIntraOpParallelismThreads(threads)
        .setInterOpParallelismThreads(parallel)
        .setGraphOptions(GraphOptions.newBuilder().setOptimizerOptions(optimizer))
        .build();
  }

  /** Serves the runner. */
  public static void main(String[] arguments) throws IOException {
    ContenderLoop.serve(new TensorFlow(), arguments);
  }

  /** TensorFlow's ways to write the networks, with operations one after the other or beside. */
  private static final class TensorFlow implements Peer {
    private static final String SIDE_BY_SIDE = "-beside";

    @Override
    public List<String> formulations(ContenderOptions options) {
      List<String> names = new ArrayList<>();
      for (TensorNetwork network : networks(options.network())) {
        names.add(label(network));
        if (options.threads() > 1) {
          names.add(label(network) + SIDE_BY_SIDE);
        }
      }
      return names;
    }

    @Override
    public Training start(ContenderOptions options, String formulation) {
      boolean sideBySide = formulation.endsWith(SIDE_BY_SIDE);
      TensorNetwork network =
          Arrays.stream(networks(options.network()))
              .filter(each -> formulation.replace(SIDE_BY_SIDE, "").equals(label(each)))
              .findFirst()
              .orElseThrow();
      return new TensorFlowTraining(network, options, sideBySide ? options.threads() : 1);
    }

    private static TensorNetwork[] networks(BenchNetwork network) {
      return network == BenchNetwork.CONVOLUTION
          ? TensorConvolution.values()
          : TensorInvolution.values();
    }

    private static String label(TensorNetwork network) {
      return network.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  @Override
  public NetworkSize size() {
    return size;
  }

  @Override
  public StepTime run(int steps) {
    return StepTime.of(steps, this::step);
  }

  private double step() {
    int minibatch = taken++ % BenchData.BATCHES;
    try (TFloat32 powerOfBeta1 = TFloat32.scalarOf((float) Math.pow(0.9, taken));
        TFloat32 powerOfBeta2 = TFloat32.scalarOf((float) Math.pow(0.999, taken))) {
      Session.Runner runner =
          session
              .runner()
              .feed(images, imageTensors.get(minibatch))
              .feed(labels, labelTensors.get(minibatch))
              .feed(graph.powerOfBeta1, powerOfBeta1)
              .feed(graph.powerOfBeta2, powerOfBeta2)
              .fetch(loss);
      updates.forEach(runner::addTarget);
      try (Result result = runner.run()) {
        return ((TFloat32) result.get(0)).getFloat();
      }
    }
  }

  @Override
  public void close() {
    session.close();
    graph.close();
    imageTensors.forEach(TFloat32::close);
    labelTensors.forEach(TFloat32::close);
  }
}
