package io.involution.ml;

import io.involution.data.DataSchema;
import io.involution.data.Shard;
import io.involution.data.ShardRange;
import io.involution.spark.ByNumber;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import scala.Tuple2;

/** Deals a table's examples to the workers: to each as many as to the others, or one more. */
final class ImageShards {
  private ImageShards() {}

  /**
   * The workers' shards, one in each partition.
   *
   * @param images all examples, kept by the executors
   * @param schema their shape and classes
   * @param range which of them, in the order of their content
   * @param workers number of workers
   */
  static JavaRDD<Shard> of(
      JavaRDD<LabeledImage> images, DataSchema schema, ShardRange range, int workers) {
    int most = (range.size() + workers - 1) / workers;
    if ((long) most * schema.image().pixels() > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "a worker's %,d images of %s are more than 2 GiB: raise numWorkers",
              most,
              schema.image()));
    }
    int[] ends =
        IntStream.range(0, workers)
            .map(worker -> ShardRange.of(worker, workers, range.size()).to() + range.from())
            .toArray();
    return images
        .mapToPair(image -> new Tuple2<>(image.key(), image))
        .sortByKey()
        .values()
        .zipWithIndex()
        .filter(placed -> placed._2() >= range.from() && placed._2() < range.to())
        .mapToPair(
            placed ->
                new Tuple2<>(worker(ends, placed._2()), new Tuple2<>(placed._2(), placed._1())))
        .partitionBy(new ByNumber(workers))
        .values()
        .mapPartitions(placed -> List.of(shard(placed, schema)).iterator());
  }

  private static int worker(int[] ends, long index) {
    int worker = 0;
    while (index >= ends[worker]) {
      worker++;
    }
    return worker;
  }

  private static Shard shard(Iterator<Tuple2<Long, LabeledImage>> placed, DataSchema schema) {
    Map<Long, LabeledImage> ordered = new TreeMap<>();
    placed.forEachRemaining(each -> ordered.put(each._1(), each._2()));
    return assembled(List.copyOf(ordered.values()), schema);
  }

  /** The images as a shard. */
  static Shard assembled(List<LabeledImage> images, DataSchema schema) {
    int each = schema.image().pixels();
    byte[] pixels = new byte[Math.multiplyExact(images.size(), each)];
    short[] labels = new short[images.size()];
    for (int i = 0; i < labels.length; i++) {
      LabeledImage image = images.get(i);
      System.arraycopy(image.pixels(), 0, pixels, i * each, each);
      labels[i] = (short) image.label();
    }
    return new Shard(schema.image(), schema.classCount(), pixels, labels);
  }
}
