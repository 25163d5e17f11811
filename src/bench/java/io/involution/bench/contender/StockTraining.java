package io.involution.bench.contender;

import io.involution.bench.NetworkSize;
import io.involution.data.DataSchema;
import io.involution.data.ImageShape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The step of DL4J's own layers. Its minibatches lie ready as float32 arrays. */
public final class StockTraining implements Training {
  private final ComputationGraph graph;
  private final List<INDArray> images = new ArrayList<>();
  private final List<INDArray> labels = new ArrayList<>();
  private int taken;

  private StockTraining(ContenderOptions options) {
    Nd4j.getMemoryManager().togglePeriodicGc(false);
    graph = new ComputationGraph(StockNetworks.configuration(options.network()));
    graph.init();
    BenchData data = new BenchData(options.batch());
    for (int minibatch = 0; minibatch < BenchData.BATCHES; minibatch++) {
      images.add(
          Nd4j.createFromArray(data.channelsFirst(minibatch))
              .reshape(
                  data.batch(),
                  ImageShape.CIFAR10.channels(),
                  ImageShape.CIFAR10.height(),
                  ImageShape.CIFAR10.width()));
      labels.add(
          Nd4j.createFromArray(data.oneHot(minibatch))
              .reshape(data.batch(), DataSchema.CIFAR10.classCount()));
    }
  }

  /** Serves the runner. */
  public static void main(String[] arguments) throws IOException {
    ContenderLoop.serve(new Stock(), arguments);
  }

  /** DL4J's only formulation. */
  private static final class Stock implements Peer {
    @Override
    public List<String> formulations(ContenderOptions options) {
      return List.of("stock-layers");
    }

    @Override
    public Training start(ContenderOptions options, String formulation) {
      return new StockTraining(options);
    }
  }

  @Override
  public NetworkSize size() {
    return GraphSize.of(graph);
  }

  @Override
  public StepTime run(int steps) {
    return StepTime.of(steps, this::step);
  }

  private double step() {
    int minibatch = taken++ % BenchData.BATCHES;
    graph.fit(new INDArray[] {images.get(minibatch)}, new INDArray[] {labels.get(minibatch)});
    return graph.score();
  }

  @Override
  public void close() {
    graph.close();
  }
}
