package io.involution.train;

import io.involution.compute.NativeThreads;
import io.involution.data.ImageShape;
import io.involution.data.Shard;
import io.involution.evaluate.Evaluation;
import io.involution.evaluate.Evaluator;
import io.involution.layers.CountedLoss;
import io.involution.model.Minibatch;
import io.involution.model.network.NativeMemory;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.state.GraphState;
import io.involution.model.state.ModelState;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** DL4J's network on ND4J's device: the CPU, or a GPU with nd4j-cuda. */
public final class Dl4jEngine implements StepEngine {
  private final NetworkBlueprint blueprint;
  private final ComputationGraph graph;

  /** The network's own loss function: holds the loss of the minibatch that was fitted last. */
  private final CountedLoss loss;

  private final Minibatch minibatch;
  private final boolean drawsNumbers;

  /** The most examples of a forward pass, by the images' shape. */
  private final Map<ImageShape, Integer> most = new HashMap<>();

  /**
   * Builds the network.
   *
   * @throws IllegalArgumentException when its output layer's loss is no {@link CountedLoss}, which
   *     counts what a worker reports
   */
  public Dl4jEngine(NetworkBlueprint blueprint) {
    NativeThreads.useOne();
    // Local steps create no garbage for the collector; ND4J's periodic collections only cost time.
    Nd4j.getMemoryManager().togglePeriodicGc(false);
    this.blueprint = blueprint;
    minibatch = new Minibatch(blueprint.normalization());
    drawsNumbers = blueprint.drawsNumbers();
    graph = blueprint.build();
    BaseOutputLayer output = (BaseOutputLayer) graph.getOutputLayer(0).conf().getLayer();
    if (!(output.getLossFn() instanceof CountedLoss counting)) {
      throw new IllegalArgumentException(
          "the loss of " + blueprint.label() + " is " + output.getLossFn());
    }
    loss = counting;
  }

  /** The network itself. */
  public ComputationGraph graph() {
    return graph;
  }

  @Override
  public void restore(ModelState state) {
    GraphState.restore(graph, state);
  }

  @Override
  public StepSums take(LocalSteps steps, BooleanSupplier cancelled) {
    double lossSum = 0;
    int correct = 0;
    for (int step = 0; step < steps.steps(); step++) {
      if (cancelled.getAsBoolean()) {
        throw new CancellationException("the round was canceled");
      }
      minibatch.load(
          steps.shard(),
          steps.order(),
          steps.views(),
          steps.bounds()[step],
          steps.bounds()[step + 1]);
      if (drawsNumbers) {
        Nd4j.getRandom().setSeed(steps.assignment().dropoutSeed(step));
      }
      graph.fit(new INDArray[] {minibatch.images()}, new INDArray[] {minibatch.labels()});
      // DL4J's fit() returns nothing: the loss function remembers the minibatch's loss.
      lossSum += loss.lastLossSum();
      correct += loss.lastCorrect();
    }
    return new StepSums(lossSum, correct);
  }

  @Override
  public ModelState capture() {
    return GraphState.capture(graph);
  }

  @Override
  public Evaluation evaluate(Shard shard) {
    return Evaluator.evaluate(graph, minibatch, shard, atOnce(shard));
  }

  /** Kept, because the whole configuration is read for it: there may be many passes. */
  private int atOnce(Shard shard) {
    return most.computeIfAbsent(shard.image(), image -> NativeMemory.evaluated(blueprint, image));
  }

  @Override
  public float[][] probabilities(Shard shard) {
    int[] order = IntStream.range(0, shard.size()).toArray();
    int atOnce = atOnce(shard);
    float[][] all = new float[shard.size()][];
    for (int from = 0; from < all.length; from += atOnce) {
      int to = Math.min(all.length, from + atOnce);
      minibatch.load(shard, order, from, to);
      float[][] seen = Evaluator.probabilities(graph, minibatch.images());
      System.arraycopy(seen, 0, all, from, to - from);
    }
    return all;
  }

  @Override
  public void close() {
    minibatch.close();
    GraphState.close(graph);
  }
}
