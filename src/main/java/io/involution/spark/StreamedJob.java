package io.involution.spark;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.function.ObjIntConsumer;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.RDD;
import scala.Function2;
import scala.collection.JavaConverters;
import scala.reflect.ClassTag$;
import scala.runtime.BoxedUnit;

/** A Spark job whose task results are passed on as they arrive. */
public final class StreamedJob {
  private StreamedJob() {}

  /**
   * Computes a task's result from its partition.
   *
   * @param <T> the partition's elements
   * @param <U> the task's result
   */
  @FunctionalInterface
  public interface Task<T, U> extends Serializable {
    /** Computes it. */
    U of(Iterator<T> partition);
  }

  /**
   * Runs a job. The receiver is called on Spark's scheduling thread, one call at a time; other jobs
   * wait for it, so it must be fast.
   *
   * @param rdd what the tasks read
   * @param partitions which of its partitions, one task each
   * @param type the type of the results
   * @param task what a task does
   * @param receiver takes a result and its index in {@code partitions}; must not throw
   */
  public static <T, U> void run(
      RDD<T> rdd,
      List<Integer> partitions,
      Class<U> type,
      Task<T, U> task,
      ObjIntConsumer<U> receiver) {
    SparkTask<T, U> body = (context, elements) -> task.of(JavaConverters.asJavaIterator(elements));
    Function2<Object, U, BoxedUnit> handler =
        (place, result) -> {
          receiver.accept(result, (Integer) place);
          return BoxedUnit.UNIT;
        };
    rdd.context()
        .runJob(
            rdd,
            body,
            JavaConverters.asScalaBuffer(List.<Object>copyOf(partitions)).toSeq(),
            handler,
            ClassTag$.MODULE$.apply(type));
  }

  /** A task in the form that Spark takes. */
  @FunctionalInterface
  private interface SparkTask<T, U>
      extends Function2<TaskContext, scala.collection.Iterator<T>, U>, Serializable {}
}
