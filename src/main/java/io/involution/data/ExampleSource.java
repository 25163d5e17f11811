package io.involution.data;

import java.io.Serializable;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/**
 * Where the examples come from: a CIFAR-10 folder or archive on a Hadoop file system, or the
 * synthetic set. A source is a small value that travels to the executors; each executor reads its
 * own range with it.
 */
public interface ExampleSource extends Serializable {

  /** The place as a person would name it: a URI without user info, or {@code synthetic}. */
  String location();

  /** Number of examples of a subset. */
  int size(Subset subset);

  /** The ten class names, in label order. */
  List<String> classNames();

  /**
   * The parts that have to be looked at before the data can be trusted, each by one call of {@link
   * #inspect}: files of a folder, or the archive as a whole; empty where there is nothing to check.
   */
  List<String> parts();

  /**
   * Reads one part whole, checks it (sizes, labels, archive structure) and takes its digests.
   *
   * @param part one of {@link #parts()}
   * @param hadoop settings of the file system
   * @throws io.involution.failure.InputException naming file, offset and fix
   */
  List<FileDigest> inspect(String part, Configuration hadoop);

  /**
   * Reads a range of examples.
   *
   * @param subset which examples
   * @param range within {@code 0 .. size(subset)}
   * @param hadoop settings of the file system
   * @throws io.involution.failure.InputException when the data cannot be read, naming file, offset
   *     and fix
   */
  Shard read(Subset subset, ShardRange range, Configuration hadoop);

  /**
   * Names and digests the whole data set.
   *
   * @param digests what {@link #inspect} gave for all the {@link #parts()}, in their order
   */
  DataFingerprint fingerprint(List<FileDigest> digests);
}
