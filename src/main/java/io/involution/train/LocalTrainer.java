package io.involution.train;

import io.involution.compute.NativeThreads;
import io.involution.data.Shard;
import io.involution.evaluate.Evaluation;
import io.involution.evaluate.Evaluator;
import io.involution.layers.SoftmaxCrossEntropy;
import io.involution.model.Minibatch;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.state.GraphState;
import io.involution.model.state.ModelState;
import java.util.concurrent.CancellationException;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The worker's side of training: one network, kept from round to round, and its scratch memory.
 * What it computes is a pure function of the arguments; the network only saves building it anew. To
 * be used by one thread, but for {@link #cancel()}.
 */
public final class LocalTrainer implements AutoCloseable {
  private static final int EVALUATION_BATCH_SIZE = 256;

  private final ComputationGraph graph;
  private final SoftmaxCrossEntropy loss;
  private final Minibatch minibatch = new Minibatch();
  private volatile boolean cancelled;

  /**
   * Builds the network.
   *
   * @throws IllegalArgumentException when its output layer's loss is not {@link
   *     SoftmaxCrossEntropy}, which counts what a worker has to report
   */
  public LocalTrainer(NetworkBlueprint blueprint) {
    NativeThreads.useOne();
    // A step allocates nothing that waits for a collection; ND4J's periodic one only costs time.
    Nd4j.getMemoryManager().togglePeriodicGc(false);
    graph = blueprint.build();
    BaseOutputLayer output = (BaseOutputLayer) graph.getOutputLayer(0).conf().getLayer();
    if (!(output.getLossFn() instanceof SoftmaxCrossEntropy counting)) {
      throw new IllegalArgumentException(
          "the loss of " + blueprint.label() + " is " + output.getLossFn());
    }
    loss = counting;
  }

  /** The network's state as it is: right after construction, its initial weights. */
  public ModelState state() {
    return GraphState.capture(graph);
  }

  /** The network itself. */
  public ComputationGraph graph() {
    return graph;
  }

  /** Makes a running {@link #run} stop after its current local step; called by another thread. */
  public void cancel() {
    cancelled = true;
  }

  /**
   * Takes the local steps of a round. A loss that is not finite comes back as a loss sum that is
   * not finite; all the steps are taken, so that the workers' step counts agree.
   *
   * @param assignment which worker and steps
   * @param start model state at the round's start; not changed
   * @param shard the worker's examples
   * @throws CancellationException after {@link #cancel()}
   */
  public LocalResult run(Assignment assignment, ModelState start, Shard shard) {
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
        throw new CancellationException("the round was abandoned");
      }
      int from = round.from(step, shard.size());
      minibatch.load(shard, order, views, from, round.from(step + 1, shard.size()));
      graph.fit(new INDArray[] {minibatch.images()}, new INDArray[] {minibatch.labels()});
      lossSum += loss.lastLossSum();
      correct += loss.lastCorrect();
    }
    long stepped = System.nanoTime();
    ModelState end = GraphState.capture(graph);
    long extracted = System.nanoTime();
    WorkerSeconds seconds =
        new WorkerSeconds(
            0, seconds(begin, loaded), seconds(loaded, stepped), seconds(stepped, extracted));
    return new LocalResult(end, round.examples(shard.size()), lossSum, correct, seconds);
  }

  /**
   * Evaluates examples in inference mode.
   *
   * @param state the model; not changed
   * @param shard the examples
   */
  public Evaluation evaluate(ModelState state, Shard shard) {
    GraphState.restore(graph, state);
    return Evaluator.evaluate(graph, minibatch, shard, EVALUATION_BATCH_SIZE);
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
