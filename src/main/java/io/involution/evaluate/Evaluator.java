package io.involution.evaluate;

import io.involution.data.Shard;
import io.involution.model.Minibatch;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runs a network over examples in inference mode and counts its predictions. */
public final class Evaluator {
  /** Probabilities are clipped here before the logarithm, as in Keras, to keep the loss finite. */
  private static final double LEAST_PROBABILITY = 1e-7;

  /** With no more classes than these, the five most probable say little. */
  static final int FEW_CLASSES = 10;

  private static final int TOP = 5;

  private Evaluator() {}

  /**
   * Evaluates every example of a shard, in order.
   *
   * @param graph the network, with its parameters set
   * @param minibatch the buffer that examples are loaded into
   * @param shard the examples
   * @param batchSize the most examples of a forward pass
   */
  public static Evaluation evaluate(
      ComputationGraph graph, Minibatch minibatch, Shard shard, int batchSize) {
    int[] order = IntStream.range(0, shard.size()).toArray();
    return evaluate(
        shard,
        batchSize,
        (from, to) -> {
          minibatch.load(shard, order, from, to);
          return probabilities(graph, minibatch.images());
        });
  }

  /** A network's forward pass in inference mode over consecutive examples of a shard. */
  @FunctionalInterface
  public interface Pass {
    /**
     * Class probabilities.
     *
     * @param from the first example, inclusive
     * @param to the last, exclusive
     * @return {@code [to - from][classes]}
     */
    float[][] probabilities(int from, int to);
  }

  /**
   * Evaluates every example of a shard, in order, by whatever computes the probabilities.
   *
   * @param batchSize the most examples of a forward pass
   */
  public static Evaluation evaluate(Shard shard, int batchSize, Pass forward) {
    ConfusionCounts confusion = new ConfusionCounts(shard.classes());
    double lossSum = 0;
    boolean countsTopFive = shard.classes() > FEW_CLASSES;
    long topFive = countsTopFive ? 0 : -1;
    WorstMistakes mistakes = new WorstMistakes();
    int passes = (shard.size() + batchSize - 1) / batchSize;
    for (int pass = 0; pass < passes; pass++) {
      int from = (int) ((long) shard.size() * pass / passes);
      int to = (int) ((long) shard.size() * (pass + 1) / passes);
      float[][] probabilities = forward.probabilities(from, to);
      for (int i = from; i < to; i++) {
        float[] row = probabilities[i - from];
        int label = shard.label(i);
        int prediction = argMax(row);
        confusion.add(label, prediction, 1);
        if (countsTopFive && isAmongTopFive(row, label)) {
          topFive++;
        }
        if (prediction != label) {
          mistakes.add(shard, i, prediction, row[prediction]);
        }
        lossSum += loss(row, label);
      }
    }
    return new Evaluation(lossSum, confusion, mistakes.withPixels(shard), topFive);
  }

  /**
   * Class probabilities.
   *
   * @param images {@code [N, channels, height, width]}
   * @return {@code [N][classes]}
   */
  public static float[][] probabilities(ComputationGraph graph, INDArray images) {
    INDArray output = graph.outputSingle(false, images);
    int classes = Math.toIntExact(output.size(1));
    float[] all;
    try (INDArray rows = output.dup('c')) {
      all = rows.data().asFloat();
    }
    output.close();
    float[][] probabilities = new float[all.length / classes][];
    for (int row = 0; row < probabilities.length; row++) {
      probabilities[row] = Arrays.copyOfRange(all, row * classes, (row + 1) * classes);
    }
    return probabilities;
  }

  /** The cross-entropy of an example, in nats. */
  static double loss(float[] probabilities, int label) {
    return -logarithm(probabilities[label]);
  }

  /** The logarithm of a probability, which is finite unless that is NaN. */
  public static double logarithm(float probability) {
    return Math.log(Math.max(LEAST_PROBABILITY, probability));
  }

  /** Whether fewer than five entries are larger, or equal and before it; NaN never is. */
  static boolean isAmongTopFive(float[] row, int label) {
    int before = 0;
    for (int i = 0; i < row.length; i++) {
      if (row[i] > row[label] || (row[i] == row[label] && i < label)) {
        before++;
      }
    }
    return before < TOP && !Float.isNaN(row[label]);
  }

  /**
   * Index of the largest entry, the first of equals; NaN never wins. If all entries are NaN, 0: the
   * loss of such a row is NaN too, which stops the training.
   */
  public static int argMax(float[] row) {
    int best = 0;
    for (int i = 1; i < row.length; i++) {
      if (row[i] > row[best] || (Float.isNaN(row[best]) && !Float.isNaN(row[i]))) {
        best = i;
      }
    }
    return best;
  }
}
