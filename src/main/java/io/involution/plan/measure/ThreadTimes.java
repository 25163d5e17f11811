package io.involution.plan.measure;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * CPU time that the threads of this JVM have used, by thread name without numbers, so that the
 * threads of a pool are added up.
 *
 * @param seconds by name
 */
record ThreadTimes(Map<String, Double> seconds) {
  /** Threads that are not Java threads. */
  private static final String OTHER = "garbage collector and compilers";

  /**
   * The CPU time of some threads.
   *
   * @param threads their name
   * @param seconds CPU time
   */
  record Share(String threads, double seconds) {}

  /** The times until now. */
  static ThreadTimes now() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    Map<String, Double> seconds = new HashMap<>();
    double all = 0;
    for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
      double used = thread == null ? 0 : threads.getThreadCpuTime(thread.getThreadId()) / 1e9;
      if (used > 0) {
        seconds.merge(pool(thread.getThreadName()), used, Double::sum);
        all += used;
      }
    }
    if (ManagementFactory.getOperatingSystemMXBean()
        instanceof com.sun.management.OperatingSystemMXBean process) {
      seconds.put(OTHER, process.getProcessCpuTime() / 1e9 - all);
    }
    return new ThreadTimes(seconds);
  }

  /** The time used since then, in descending order. */
  List<Share> since(ThreadTimes before) {
    List<Share> shares = new ArrayList<>();
    seconds.forEach(
        (name, until) ->
            shares.add(new Share(name, until - before.seconds.getOrDefault(name, 0.0))));
    shares.sort(Comparator.comparingDouble(Share::seconds).reversed());
    return shares;
  }

  private static String pool(String thread) {
    return thread.replaceAll("[-# ]*[0-9][0-9.]*.*$", "");
  }
}
