package io.involution.spark.exchange;

import io.involution.model.state.ModelState;
import io.involution.spark.StreamedJob;
import io.involution.train.RoundOutcome;
import io.involution.train.RoundSeconds;
import io.involution.train.WorkerUpdate;
import io.involution.train.average.UpdateCheck;
import io.involution.train.average.UpdateFault;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.HashPartitioner;
import org.apache.spark.ShuffleDependency;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.RDD;
import org.apache.spark.rdd.ShuffledRDD;
import org.apache.spark.serializer.JavaSerializer;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * The executors average. Every worker cuts its update into slices, one a reducer; Spark's shuffle
 * brings a slice's updates together; the driver receives the means of the slices: one model and not
 * one a worker. The bits are those of {@link CollectExchange}.
 *
 * <p>The round is computed once: what the workers wrote for the shuffle stays until the driver has
 * the mean. Where an executor is lost before that, Spark computes the updates that were on it
 * again.
 */
public final class ShuffleExchange implements UpdateExchange {
  @Override
  public RoundOutcome exchange(JavaRDD<WorkerUpdate> updates, UpdateCheck check) {
    long begin = System.nanoTime();
    SparkContext spark = updates.rdd().context();
    int workers = updates.getNumPartitions();
    long bytes = check.bytes();
    ResultLimit limit = ResultLimit.of(spark.conf());
    int slices = limit.slices(workers, bytes);
    ShuffledRDD<Integer, UpdateSlice, UpdateSlice> shuffled = shuffled(updates, check, slices);
    try {
      SlicedMean mean = new SlicedMean(check, slices);
      int atOnce = limit.slicesInOneJob(workers, bytes);
      for (int from = 0; from < slices; from += atOnce) {
        take(shuffled, from, Math.min(slices, from + atOnce), mean);
      }
      ModelState state = mean.state();
      double all = (System.nanoTime() - begin) / 1e9;
      RoundSeconds seconds = new RoundSeconds(0, all - mean.seconds(), mean.seconds());
      return new RoundOutcome(state, mean.reports(), seconds, 0, state.bytes());
    } finally {
      forget(spark, shuffled);
    }
  }

  private static ShuffledRDD<Integer, UpdateSlice, UpdateSlice> shuffled(
      JavaRDD<WorkerUpdate> updates, UpdateCheck check, int slices) {
    JavaPairRDD<Integer, UpdateSlice> cut =
        JavaPairRDD.fromJavaRDD(
            updates.mapPartitionsWithIndex(
                (worker, update) -> UpdateSlice.cut(worker, update.next(), check, slices), true));
    ClassTag<UpdateSlice> tag = tag(UpdateSlice.class);
    // The hash of slice i is i, so that it goes to reducer i. The serializer is named because
    // StateSlice has its own form in this one only.
    return new ShuffledRDD<Integer, UpdateSlice, UpdateSlice>(
            cut.rdd(), new HashPartitioner(slices), tag(Integer.class), tag, tag)
        .setSerializer(new JavaSerializer(updates.rdd().context().conf()));
  }

  /** Takes the slices from one number to before another. Only the first job runs the workers. */
  private static void take(
      ShuffledRDD<Integer, UpdateSlice, UpdateSlice> shuffled, int from, int to, SlicedMean mean) {
    StreamedJob.run(
        shuffled,
        IntStream.range(from, to).boxed().toList(),
        MeanSlice.class,
        MeanSlice::of,
        (slice, place) -> mean.put(slice));
    Optional<UpdateFault> fault = mean.fault();
    if (fault.isPresent()) {
      throw fault.get().exception();
    }
  }

  /**
   * Has the executors delete this round's files, while it goes on. Spark would do so when it finds
   * the RDD collected as garbage, which in a driver with a large heap is many rounds later. By the
   * number of the shuffle: a shuffle that the shards may have come from is left alone.
   */
  private static void forget(SparkContext spark, RDD<?> shuffled) {
    ShuffleDependency<?, ?, ?> files = (ShuffleDependency<?, ?, ?>) shuffled.dependencies().head();
    if (spark.cleaner().isDefined()) {
      spark.cleaner().get().doCleanupShuffle(files.shuffleId(), false);
    }
  }

  private static <T> ClassTag<T> tag(Class<T> type) {
    return ClassTag$.MODULE$.apply(type);
  }
}
