package io.involution.spark.round;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.data.ExampleSource;
import io.involution.data.synthetic.SyntheticImages;
import io.involution.spark.LocalSpark;
import io.involution.spark.TaskProfiles;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.RDDInfo;
import org.junit.jupiter.api.Test;

/** When shards are read, on a Spark of one JVM. */
class ShardsIT {
  private static final int WORKERS = 2;

  /** Otherwise the first evaluation would last as long as the reading. */
  @Test
  void whatHasExamplesIsReadInAdvance() {
    ExampleSource source = new SyntheticImages(1, 20, 6);
    try (JavaSparkContext context = new JavaSparkContext(LocalSpark.conf("shards", WORKERS))) {
      TaskProfiles profiles = TaskProfiles.of(context, true);
      try (Shards shards = new Shards(context, source, WORKERS, 8, profiles)) {
        shards.load();
        assertThat(kept(context))
            .containsExactlyInAnyOrder(
                shards.train().id(), shards.validation().id(), shards.test().id());
      }
      try (Shards shards = new Shards(context, source, WORKERS, 0, profiles)) {
        shards.load();
        assertThat(kept(context))
            .containsExactlyInAnyOrder(shards.train().id(), shards.test().id());
      }
    }
  }

  /** The numbers of the RDDs of which every partition is in memory or on disk. */
  private static List<Integer> kept(JavaSparkContext context) {
    return Arrays.stream(context.sc().getRDDStorageInfo())
        .filter(rdd -> rdd.numCachedPartitions() == WORKERS)
        .map(RDDInfo::id)
        .toList();
  }
}
