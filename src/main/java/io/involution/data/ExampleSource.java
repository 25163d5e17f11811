package io.involution.data;

import java.io.Serializable;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/**
 * Where the examples come from: a CIFAR-10 folder or archive on a Hadoop file system, the synthetic
 * data set, or what the executors hold already. All but the last are small values that are sent to
 * the executors; each of them reads its own range with it.
 */
public interface ExampleSource extends Serializable {

  /** The place as users see it: a URI without user information, or {@code synthetic}. */
  String location();

  /** Number of examples of a subset. */
  int size(Subset subset);

  /** The shape of the images and the names of the classes. */
  DataSchema schema();

  /**
   * The parts that must be checked before the data can be trusted, each by one call of {@link
   * #inspect}: the files of a folder, or the archive as a whole; empty if there is nothing to
   * check.
   */
  List<String> parts();

  /**
   * Reads one whole part, checks it (sizes, labels, archive structure) and computes its digests.
   *
   * @param part one of {@link #parts()}
   * @param hadoop settings of the file system
   * @throws io.involution.failure.InputException naming the file, the offset and the fix
   */
  List<FileDigest> inspect(String part, Configuration hadoop);

  /**
   * Reads a range of examples.
   *
   * @param subset which examples
   * @param range within {@code 0 .. size(subset)}
   * @param hadoop settings of the file system
   * @throws io.involution.failure.InputException when the data cannot be read, naming the file, the
   *     offset and the fix
   */
  Shard read(Subset subset, ShardRange range, Configuration hadoop);

  /**
   * Identifies the whole data set.
   *
   * @param digests the results of {@link #inspect} for all {@link #parts()}, in their order
   */
  DataFingerprint fingerprint(List<FileDigest> digests);
}
