package io.involution.evaluate;

import io.involution.config.training.EvaluationOptions.TestTime;
import io.involution.data.ImageView;
import io.involution.data.ImageView.Square;
import io.involution.data.Shard;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Class probabilities by the mean of a network's logits over views of each image (Jordan 2024,
 * airbench94's evaluation: the image and its mirror image weigh as much together as both shifted by
 * a pixel up and left and by a pixel down and right; the image is reflected at its border).
 *
 * <p>A network gives probabilities p. The logarithms of p are logits up to a constant for each
 * view, which drops out of the softmax of their mean: the probabilities are the views' weighted
 * geometric mean, divided by its sum over the classes.
 */
public final class ViewMean implements Evaluator.Pass {
  private final Shard shard;
  private final List<Weighted> views;
  private final Function<Shard, float[][]> network;
  private PlainSums plain = PlainSums.NONE;

  /** A view and its weight in the mean; all weights add up to 1. */
  private record Weighted(ImageView view, double weight) {}

  private ViewMean(Shard shard, TestTime views, Function<Shard, float[][]> network) {
    this.shard = shard;
    this.views = views(views);
    this.network = network;
  }

  /**
   * Evaluates every example of a shard, in order.
   *
   * @param batchSize the most examples of a forward pass
   * @param views the views of each image
   * @param network gives the class probabilities of every image of a shard
   */
  public static Evaluation evaluate(
      Shard shard, int batchSize, TestTime views, Function<Shard, float[][]> network) {
    ViewMean mean = new ViewMean(shard, views, network);
    return Evaluator.evaluate(shard, batchSize, mean).beside(mean.plain);
  }

  /** The image as it is comes first. */
  private static List<Weighted> views(TestTime choice) {
    List<ImageView> whole = List.of(ImageView.WHOLE, new ImageView(true, 0, 0));
    List<ImageView> shifted = new ArrayList<>();
    if (choice == TestTime.FLIP_SHIFT) {
      for (int shift : new int[] {1, -1}) {
        for (boolean flip : new boolean[] {false, true}) {
          // The mirror image of a shifted image, so that it moves the other way.
          int right = flip ? -shift : shift;
          shifted.add(new ImageView(flip, shift, right, true, Square.NONE));
        }
      }
    }
    List<Weighted> views = new ArrayList<>();
    double each = (shifted.isEmpty() ? 1.0 : 0.5) / whole.size();
    whole.forEach(view -> views.add(new Weighted(view, each)));
    shifted.forEach(view -> views.add(new Weighted(view, 0.5 / shifted.size())));
    return views;
  }

  @Override
  public float[][] probabilities(int from, int to) {
    double[][] logits = new double[to - from][shard.classes()];
    for (Weighted weighted : views) {
      float[][] seen = network.apply(shard.viewed(weighted.view(), from, to));
      if (weighted.view().equals(ImageView.WHOLE)) {
        count(seen, from);
      }
      for (int i = 0; i < seen.length; i++) {
        for (int c = 0; c < seen[i].length; c++) {
          // What has underflowed has a logarithm all the same.
          logits[i][c] += weighted.weight() * Math.log(Math.max(seen[i][c], Float.MIN_VALUE));
        }
      }
    }
    float[][] mean = new float[logits.length][];
    for (int i = 0; i < mean.length; i++) {
      mean[i] = softmax(logits[i]);
    }
    return mean;
  }

  private void count(float[][] seen, int from) {
    for (int i = 0; i < seen.length; i++) {
      int label = shard.label(from + i);
      int correct = Evaluator.argMax(seen[i]) == label ? 1 : 0;
      plain = plain.plus(new PlainSums(Evaluator.loss(seen[i], label), correct, 1));
    }
  }

  private static float[] softmax(double[] logits) {
    double most = Double.NEGATIVE_INFINITY;
    for (double logit : logits) {
      most = Math.max(most, logit);
    }
    double sum = 0;
    for (double logit : logits) {
      sum += Math.exp(logit - most);
    }
    float[] probabilities = new float[logits.length];
    for (int i = 0; i < logits.length; i++) {
      probabilities[i] = (float) (Math.exp(logits[i] - most) / sum);
    }
    return probabilities;
  }
}
