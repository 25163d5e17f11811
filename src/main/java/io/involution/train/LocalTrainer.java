package io.involution.train;

import io.involution.compute.NativeThreads;
import io.involution.data.Shard;
import io.involution.evaluate.Evaluation;
import io.involution.evaluate.Evaluator;
import io.involution.layers.CountedLoss;
import io.involution.model.Minibatch;
import io.involution.model.network.NativeMemory;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.state.GraphState;
import io.involution.model.state.ModelState;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The worker's side of training: one network, kept from round to round, and its scratch memory. Its
 * results are a pure function of the arguments; keeping the network only saves the time to build
 * it. For use by one thread, except {@link #cancel()}.
 */
public final class LocalTrainer implements AutoCloseable {
  private final ComputationGraph graph;

  /** The network's own loss function: holds the loss of the minibatch that was fitted last. */
  private final CountedLoss loss;

  private final Minibatch minibatch;
  private final boolean drawsNumbers;
  private volatile boolean cancelled;

  /**
   * Builds the network.
   *
   * @throws IllegalArgumentException when its output layer's loss is no {@link CountedLoss}, which
   *     counts what a worker reports
   */
  public LocalTrainer(NetworkBlueprint blueprint) {
    NativeThreads.useOne();
    // Local steps create no garbage for the collector; ND4J's periodic collections only cost time.
    Nd4j.getMemoryManager().togglePeriodicGc(false);
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

  /** The network's current state: right after construction, its initial weights. */
  public ModelState state() {
    return GraphState.capture(graph);
  }

  /** The network itself. */
  public ComputationGraph graph() {
    return graph;
  }

  /** Stops a running {@link #run} after its current local step; called by another thread. */
  public void cancel() {
    cancelled = true;
  }

  /**
   * Takes the local steps of a round. If a loss becomes NaN or infinite, so does the loss sum; all
   * steps are still taken, so that the workers' step counts agree.
   *
   * @param assignment which worker and steps
   * @param start model state at the round's start; not changed
   * @param shard the worker's examples
   * @param place where this runs, for the report
   * @param receiveSeconds time it took to fetch the model state and the shard, for the report
   * @throws CancellationException after {@link #cancel()}
   */
  public WorkerUpdate run(
      Assignment assignment, ModelState start, Shard shard, Place place, double receiveSeconds) {
    cancelled = false;
    long begin = System.nanoTime();
    GraphState.restore(graph, start);
    long loaded = System.nanoTime();
    Round round = assignment.round();
    int[] order =
        Seeds.permutation(shard.size(), assignment.seed(), round.epoch(), assignment.worker());
    int[] views = assignment.views(shard.size());
    double lossSum = 0;
    int correct = 0;
    for (int step = round.firstStep(); step < round.lastStep(); step++) {
      if (cancelled) {
        throw new CancellationException("the round was canceled");
      }
      int from = round.from(step, shard.size());
      minibatch.load(shard, order, views, from, round.from(step + 1, shard.size()));
      if (drawsNumbers) {
        Nd4j.getRandom()
            .setSeed(Seeds.dropout(assignment.seed(), round.epoch(), assignment.worker(), step));
      }
      graph.fit(new INDArray[] {minibatch.images()}, new INDArray[] {minibatch.labels()});
      // DL4J's fit() returns nothing: the loss function remembers the minibatch's loss.
      lossSum += loss.lastLossSum();
      correct += loss.lastCorrect();
    }
    long stepped = System.nanoTime();
    ModelState end = GraphState.capture(graph);
    long extracted = System.nanoTime();
    WorkerSeconds seconds =
        new WorkerSeconds(
            receiveSeconds,
            seconds(begin, loaded),
            seconds(loaded, stepped),
            seconds(stepped, extracted));
    int examples = round.examples(shard.size());
    return new WorkerUpdate(
        new WorkerReport(assignment.worker(), examples, lossSum, correct, seconds, place), end);
  }

  /**
   * Evaluates examples in inference mode.
   *
   * @param state the model; not changed
   * @param shard the examples
   */
  public Evaluation evaluate(ModelState state, Shard shard) {
    GraphState.restore(graph, state);
    return Evaluator.evaluate(graph, minibatch, shard, NativeMemory.EVALUATED);
  }

  /**
   * Class probabilities in inference mode.
   *
   * @param state the model; not changed
   * @param shard the images
   * @return {@code [images][classes]}
   */
  public float[][] probabilities(ModelState state, Shard shard) {
    GraphState.restore(graph, state);
    minibatch.load(shard, IntStream.range(0, shard.size()).toArray(), 0, shard.size());
    return Evaluator.probabilities(graph, minibatch.images());
  }

  /** Frees the network and the scratch memory. */
  @Override
  public void close() {
    minibatch.close();
    graph.close();
  }

  private static double seconds(long from, long to) {
    return (to - from) / 1e9;
  }
}
