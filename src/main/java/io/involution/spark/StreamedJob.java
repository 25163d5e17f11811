package io.involution.spark;

import java.io.Serializable;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ObjIntConsumer;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.PartitionPruningRDD;
import org.apache.spark.rdd.RDD;
import scala.Function1;
import scala.Function2;
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
   * Runs a job with one task per partition. The receiver is called on Spark's scheduling thread,
   * one call at a time; other jobs wait for it, so it must be fast. Where the tasks run in this JVM
   * it is given the very object that a task has made.
   *
   * @param rdd what the tasks read
   * @param type the type of the results
   * @param task what a task does; its result is not null
   * @param receiver takes a result and its partition's index; must not throw
   */
  public static <T, U> void run(
      RDD<T> rdd, Class<U> type, Task<T, U> task, ObjIntConsumer<U> receiver) {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(rdd.context());
    if (!spark.isLocal()) {
      submit(rdd, type, (context, elements) -> task.of(iterator(elements)), receiver);
      return;
    }
    Map<Integer, U> results = new ConcurrentHashMap<>();
    try (SharedValue<Map<Integer, U>> shared = SharedValue.of(spark, results, 0)) {
      submit(
          rdd,
          Boolean.class,
          (context, elements) -> {
            shared.value().put(context.partitionId(), task.of(iterator(elements)));
            return true;
          },
          (done, place) -> receiver.accept(results.remove(place), place));
    }
  }

  private static <T, U> void submit(
      RDD<T> rdd, Class<U> type, SparkTask<T, U> body, ObjIntConsumer<U> receiver) {
    Function2<Object, U, BoxedUnit> handler =
        (place, result) -> {
          receiver.accept(result, (Integer) place);
          return BoxedUnit.UNIT;
        };
    // The overload that takes a list of partitions has another signature in Scala 2.13.
    rdd.context().runJob(rdd, body, handler, ClassTag$.MODULE$.apply(type));
  }

  private static <T> Iterator<T> iterator(scala.collection.Iterator<T> elements) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return elements.hasNext();
      }

      @Override
      public T next() {
        return elements.next();
      }
    };
  }

  /**
   * Some partitions of an RDD, numbered from 0.
   *
   * @param from the first one
   * @param to the one after the last
   */
  public static <T> RDD<T> part(RDD<T> rdd, int from, int to) {
    SparkFilter filter = partition -> from <= (int) partition && (int) partition < to;
    return PartitionPruningRDD.create(rdd, filter);
  }

  /**
   * The same, some partitions of any numbers.
   *
   * @param wanted their numbers
   */
  public static <T> RDD<T> only(RDD<T> rdd, Set<Integer> wanted) {
    Set<Integer> numbers = new HashSet<>(wanted);
    SparkFilter filter = partition -> numbers.contains((Integer) partition);
    return PartitionPruningRDD.create(rdd, filter);
  }

  /** A task in the form that Spark takes. */
  @FunctionalInterface
  private interface SparkTask<T, U>
      extends Function2<TaskContext, scala.collection.Iterator<T>, U>, Serializable {}

  /** Which partitions to take, in the form that Spark takes. */
  @FunctionalInterface
  private interface SparkFilter extends Function1<Object, Object>, Serializable {}
}
