package io.involution.report.chart;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Heights of labels: as near to what they name as they can be without overlapping. */
public final class Apart {
  private Apart() {}

  /**
   * Moves heights apart: upwards, and all of them down again where they end too high.
   *
   * @param wanted the height of each label
   * @param gap the least distance between two of them
   * @param most the greatest height
   * @return the height of each label, in the order of {@code wanted}
   */
  public static double[] of(List<Double> wanted, double gap, double most) {
    double[] heights = wanted.stream().mapToDouble(Double::doubleValue).toArray();
    int[] order =
        IntStream.range(0, heights.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> heights[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    for (int i = 1; i < order.length; i++) {
      heights[order[i]] = Math.max(heights[order[i]], heights[order[i - 1]] + gap);
    }
    double limit = most;
    for (int i = order.length - 1; i >= 0; i--) {
      heights[order[i]] = Math.min(heights[order[i]], limit);
      limit = heights[order[i]] - gap;
    }
    return heights;
  }
}
