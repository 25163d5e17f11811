package io.involution.spark.exchange;

import io.involution.model.state.ModelState;
import io.involution.spark.StreamedJob;
import io.involution.train.WorkerUpdate;
import io.involution.train.average.MeanSlice;
import io.involution.train.average.SlicedMean;
import io.involution.train.average.UpdateCheck;
import io.involution.train.average.UpdateSlice;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.ShuffledRDD;
import org.apache.spark.serializer.JavaSerializer;
import scala.Tuple2;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * The executors average. Every worker cuts its update into slices, one per reducer; Spark's shuffle
 * brings the workers' slices together; the driver receives the means of the slices: one model state
 * in total, not one per worker. The bits are those of {@link CollectExchange}.
 *
 * <p>The round is computed once: what the workers wrote for the shuffle stays until the driver has
 * the mean. If an executor is lost before that, Spark computes the updates that were on it again.
 */
public final class ShuffleExchange implements UpdateExchange {
  @Override
  public Averaged exchange(JavaRDD<WorkerUpdate> updates, UpdateCheck check) {
    long begin = System.nanoTime();
    int workers = updates.getNumPartitions();
    long bytes = check.bytes();
    ResultLimit limit = ResultLimit.of(updates.rdd().context().conf());
    int slices = limit.slices(workers, bytes);
    ShuffledRDD<Integer, UpdateSlice, UpdateSlice> shuffled = shuffled(updates, check, slices);
    try {
      SlicedMean mean = new SlicedMean(check, slices);
      int atOnce = limit.slicesInOneJob(workers, bytes);
      // Only the first of these jobs runs the workers.
      for (int from = 0; from < slices; from += atOnce) {
        StreamedJob.run(
            StreamedJob.part(shuffled, from, Math.min(slices, from + atOnce)),
            MeanSlice.class,
            partition -> MeanSlice.of(partition, Tuple2::_2, workers),
            (slice, place) -> mean.put(slice));
        mean.requireSound();
      }
      ModelState state = mean.state();
      double seconds = (System.nanoTime() - begin) / 1e9;
      return new Averaged(
          state, mean.rounds(), state.bytes(), seconds - mean.seconds(), mean.seconds());
    } finally {
      // The executors delete this round's shuffle files in the background. Spark itself would do so
      // when it finds the RDD garbage-collected, which takes many rounds in a driver with a large
      // heap. Shuffles that the cached shards come from stay.
      shuffled.cleanShuffleDependencies(false);
    }
  }

  private static ShuffledRDD<Integer, UpdateSlice, UpdateSlice> shuffled(
      JavaRDD<WorkerUpdate> updates, UpdateCheck check, int slices) {
    JavaPairRDD<Integer, UpdateSlice> cut =
        updates
            .mapPartitionsWithIndex(
                (worker, update) -> UpdateSlice.cut(worker, update.next(), check, slices), true)
            .mapToPair(slice -> new Tuple2<>(slice.slice(), slice));
    ClassTag<UpdateSlice> tag = tag(UpdateSlice.class);
    // The hash of slice i is i, so that it goes to reducer i. The serializer is set explicitly
    // because a slice of a model state has its own serialized form in this one only.
    return new ShuffledRDD<Integer, UpdateSlice, UpdateSlice>(
            cut.rdd(), new HashPartitioner(slices), tag(Integer.class), tag, tag)
        .setSerializer(new JavaSerializer(updates.rdd().context().conf()));
  }

  private static <T> ClassTag<T> tag(Class<T> type) {
    return ClassTag$.MODULE$.apply(type);
  }
}
