package io.involution.cli;

import io.involution.config.InputException;
import io.involution.data.ExampleSource;
import io.involution.data.ImageShape;
import io.involution.data.Shard;
import io.involution.data.ShardRange;
import io.involution.data.Subset;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;

/**
 * The few examples that a report draws, read by the driver.
 *
 * @param source where the examples are
 * @param hadoop settings of its file system
 */
record ReportExamples(ExampleSource source, Configuration hadoop) {

  /**
   * Makes sure that the chosen images exist, before anything is trained.
   *
   * @throws InputException naming the one that does not
   */
  void check(List<Integer> images) {
    int size = source.size(Subset.TEST);
    for (int image : images) {
      if (image >= size) {
        throw new InputException(
            "--images has %d, but there are %d test images: name one from 0 to %d"
                .formatted(image, size, size - 1));
      }
    }
  }

  /** The places of the first examples of a subset, and of those that the user chose. */
  List<Integer> first(Subset subset, int first, List<Integer> chosen) {
    return IntStream.concat(
            IntStream.range(0, Math.min(first, source.size(subset))),
            chosen.stream().mapToInt(Integer::intValue))
        .distinct()
        .boxed()
        .toList();
  }

  /** Reads examples by their places, which ascend. */
  Shard read(Subset subset, List<Integer> indices) {
    byte[] pixels = new byte[indices.size() * ImageShape.PIXELS];
    byte[] labels = new byte[indices.size()];
    int done = 0;
    for (int next = 1; next <= indices.size(); next++) {
      int from = indices.get(done);
      // Neighbours in one go: an archive is read through from its start for every range.
      if (next == indices.size() || indices.get(next) != indices.get(next - 1) + 1) {
        ShardRange range = new ShardRange(from, from + next - done);
        Shard part = source.read(subset, range, hadoop);
        System.arraycopy(part.pixels(), 0, pixels, done * ImageShape.PIXELS, part.pixels().length);
        System.arraycopy(part.labels(), 0, labels, done, part.size());
        done = next;
      }
    }
    return new Shard(pixels, labels);
  }
}
