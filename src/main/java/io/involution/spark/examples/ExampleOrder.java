package io.involution.spark.examples;

import io.involution.data.ShardRange;
import io.involution.spark.examples.ShardRouting.Part;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/** The keys of a subset's examples in their order, on the executors. */
final class ExampleOrder {
  private final JavaRDD<ExampleKey> sorted;
  private final List<Integer> before;

  /** Sorts the keys. */
  ExampleOrder(JavaRDD<ExampleKey> keys) {
    sorted =
        keys.sortBy(key -> key, true, keys.getNumPartitions()).persist(StorageLevel.DISK_ONLY());
    List<Integer> sizes =
        sorted.mapPartitions(partition -> List.of(count(partition)).iterator()).collect();
    before = new ArrayList<>();
    int sum = 0;
    for (int size : sizes) {
      before.add(sum);
      sum = Math.addExact(sum, size);
    }
  }

  private static int count(Iterator<ExampleKey> keys) {
    int count = 0;
    while (keys.hasNext()) {
      keys.next();
      count++;
    }
    return count;
  }

  /** An example's key, and the position of the first example with that key. */
  private static final class Place implements java.io.Serializable {
    private static final long serialVersionUID = 1L;

    private final ExampleKey key;
    private final int runStart;

    Place(ExampleKey key, int runStart) {
      this.key = key;
      this.runStart = runStart;
    }
  }

  /** How examples find the shards that own the ranges, which are in order and do not overlap. */
  ShardRouting routing(List<ShardRange> ranges) {
    Set<Integer> positions = new TreeSet<>();
    for (ShardRange range : ranges) {
      if (range.size() > 0) {
        positions.add(range.from());
        positions.add(range.to() - 1);
      }
    }
    Map<Integer, Place> places = places(positions);
    List<Part> parts = new ArrayList<>();
    for (int shard = 0; shard < ranges.size(); shard++) {
      ShardRange range = ranges.get(shard);
      if (range.size() > 0) {
        Place first = places.get(range.from());
        parts.add(
            new Part(
                shard,
                range.size(),
                first.key,
                places.get(range.to() - 1).key,
                range.from() - first.runStart));
      }
    }
    return new ShardRouting(parts);
  }

  private Map<Integer, Place> places(Set<Integer> positions) {
    List<Integer> starts = before;
    // Equal keys are in one partition: Spark sorts into ranges of keys.
    List<Tuple2<Integer, Place>> found =
        sorted
            .mapPartitionsWithIndex(
                (index, keys) -> places(positions, starts.get(index), keys), true)
            .collect();
    Map<Integer, Place> places = new HashMap<>();
    found.forEach(place -> places.put(place._1(), place._2()));
    return places;
  }

  private static Iterator<Tuple2<Integer, Place>> places(
      Set<Integer> positions, int start, Iterator<ExampleKey> keys) {
    List<Tuple2<Integer, Place>> found = new ArrayList<>();
    ExampleKey last = null;
    int runStart = start;
    for (int position = start; keys.hasNext(); position++) {
      ExampleKey key = keys.next();
      if (!key.equals(last)) {
        runStart = position;
        last = key;
      }
      if (positions.contains(position)) {
        found.add(new Tuple2<>(position, new Place(key, runStart)));
      }
    }
    return found.iterator();
  }
}
