package io.involution.data.cifar10;

import io.involution.data.ImageShape;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * CIFAR-10's binary format: files of records of one label byte and 3,072 pixel bytes, red, green
 * and blue planes row by row.
 */
public final class Cifar10Format {
  /** Bytes of a record. */
  public static final int RECORD = 1 + ImageShape.CIFAR10.pixels();

  /** Records of each file. */
  static final int RECORDS = 10_000;

  /** The files of the training examples, in order. */
  public static final List<String> TRAIN =
      IntStream.rangeClosed(1, 5).mapToObj(batch -> "data_batch_" + batch + ".bin").toList();

  /** The file of the test examples. */
  public static final String TEST = "test_batch.bin";

  /** All data files, in order. */
  public static final List<String> FILES = Stream.concat(TRAIN.stream(), Stream.of(TEST)).toList();

  /** The folder inside the official archive. */
  public static final String FOLDER = "cifar-10-batches-bin";

  /** The official archive's name. */
  static final String ARCHIVE = "cifar-10-binary.tar.gz";

  /** The official archive's URL. */
  static final String ARCHIVE_URL = "https://www.cs.toronto.edu/~kriz/" + ARCHIVE;

  /** The official archive's MD5. */
  public static final String ARCHIVE_MD5 = "c32a1d4ab5d03f1284b67883e8d87530";

  /** The MD5 of each of the official archive's data files, in order. */
  public static final List<String> FILES_MD5 =
      List.of(
          "5dd7e06a14cb22eb9f671a540d1b7c25",
          "5ea93a67294ea407fff1d09f752e9692",
          "942cd6a4bcdd0dd3c604fbe906cb4421",
          "ae636b3ba5c66a11e91e8cb52e771fcb",
          "53f37980c15c3d472c316c40844f3f0d",
          "803d5f7f4d78ea53de84dbe85f74fb6d");

  private Cifar10Format() {}

  /** Whether a file is one of CIFAR-10's versions for Python and Matlab, which are not read. */
  static boolean isOtherVersion(String name) {
    return name.matches("(data_batch_[1-5]|test_batch)([.]mat)?");
  }

  /** What to say about them. */
  static String binaryVersion() {
    return "the version for Python or Matlab: use the binary version, "
        + ARCHIVE
        + " or its folder "
        + FOLDER;
  }
}
