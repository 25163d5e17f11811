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

/** A job of Spark whose tasks' results are handed on as they come. */
public final class StreamedJob {
  private StreamedJob() {}

  /**
   * What a task makes of its partition.
   *
   * @param <T> the partition's elements
   * @param <U> the task's result
   */
  @FunctionalInterface
  public interface Task<T, U> extends Serializable {
    /** Makes it. */
    U of(Iterator<T> partition);
  }

  /**
   * Runs it. The receiver is called on Spark's scheduling thread, by one call at a time: other jobs
   * wait for it.
   *
   * @param rdd what the tasks read
   * @param partitions which of its partitions, each a task
   * @param type of the results
   * @param task what a task does
   * @param receiver takes a result and its place in {@code partitions}; must not throw
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

  /** A task as Spark knows it. */
  @FunctionalInterface
  private interface SparkTask<T, U>
      extends Function2<TaskContext, scala.collection.Iterator<T>, U>, Serializable {}
}
