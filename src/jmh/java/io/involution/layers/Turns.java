package io.involution.layers;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** Measurements that take turns, so that a busy machine slows all of them alike. */
final class Turns {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private Turns() {}

  /**
   * Lets everything have its turns.
   *
   * @param measured by name; each gives as many numbers in one turn as in another
   * @param warmUp turns before, which do not count
   * @param turns that count
   * @return by name, in the same order: {@code [number][turn]}
   */
  static Map<String, double[][]> take(
      Map<String, Supplier<double[]>> measured, int warmUp, int turns) {
    Map<String, double[][]> taken = new LinkedHashMap<>();
    for (int turn = -warmUp; turn < turns; turn++) {
      for (Map.Entry<String, Supplier<double[]>> each : measured.entrySet()) {
        double[] numbers = each.getValue().get();
        double[][] all =
            taken.computeIfAbsent(each.getKey(), name -> new double[numbers.length][turns]);
        for (int i = 0; turn >= 0 && i < numbers.length; i++) {
          all[i][turn] = numbers[i];
        }
      }
    }
    return taken;
  }

  /** What work costs in nanoseconds of this thread's CPU time. */
  static double nanoseconds(Runnable work) {
    long start = THREADS.getCurrentThreadCpuTime();
    work.run();
    return THREADS.getCurrentThreadCpuTime() - start;
  }

  /** The number at a share of the sorted ones: 0.5 for the median. */
  static double quantile(double[] numbers, double share) {
    double[] sorted = numbers.clone();
    Arrays.sort(sorted);
    return sorted[(int) Math.round(share * (sorted.length - 1))];
  }

  /** Median and quartiles of nanoseconds. */
  static String quartiles(double[] nanoseconds) {
    return String.format(
        Locale.ROOT,
        "%.2f ns (%.2f to %.2f)",
        quantile(nanoseconds, 0.5),
        quantile(nanoseconds, 0.25),
        quantile(nanoseconds, 0.75));
  }
}
