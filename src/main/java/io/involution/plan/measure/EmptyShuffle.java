package io.involution.plan.measure;

import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaSparkContext;
import scala.Tuple2;

/** An empty shuffle: every task sends one number to every task. */
final class EmptyShuffle {
  private EmptyShuffle() {}

  /** Runs it and returns the seconds it took. */
  static double run(JavaSparkContext context, int tasks) {
    context.setJobDescription("an empty shuffle");
    long begin = System.nanoTime();
    long received =
        context
            .parallelize(IntStream.range(0, tasks).boxed().toList(), tasks)
            .flatMapToPair(
                task -> IntStream.range(0, tasks).mapToObj(to -> new Tuple2<>(to, task)).iterator())
            .partitionBy(new HashPartitioner(tasks))
            .count();
    if (received != (long) tasks * tasks) {
      throw new IllegalStateException(
          String.format(Locale.ROOT, "%d of %d x %d numbers", received, tasks, tasks));
    }
    return (System.nanoTime() - begin) / 1e9;
  }
}
