package io.involution.data.cifar10;

import io.involution.data.DataSchema;
import io.involution.data.Digests;
import io.involution.data.FileDigest;
import io.involution.data.ImageShape;
import io.involution.data.Subset;
import java.util.List;
import java.util.stream.Stream;

/** The data sets in this binary format, and which of their labels are learned. */
public enum CifarKind {
  /** CIFAR-10. */
  CIFAR10("cifar10", Cifar10Format.ARCHIVE_MD5, DataSchema.CIFAR10.classes()),
  /** CIFAR-100 and its 100 classes. */
  CIFAR100("cifar100", Cifar100Names.ARCHIVE_MD5, Cifar100Names.FINE),
  /** CIFAR-100 and its 20 groups of classes. */
  CIFAR100_COARSE("cifar100", Cifar100Names.ARCHIVE_MD5, Cifar100Names.COARSE);

  private static final int BATCHES = 5;

  private final String dataset;
  private final String md5;

  @SuppressWarnings("ImmutableEnumChecker") // List.of
  private final List<String> classes;

  CifarKind(String dataset, String md5, List<String> classes) {
    this.dataset = dataset;
    this.md5 = md5;
    this.classes = classes;
  }

  /** The data set's name in messages. */
  String title() {
    return this == CIFAR10 ? "CIFAR-10" : "CIFAR-100";
  }

  /**
   * The data set's name in outputs.
   *
   * @param archive MD5 of the whole archive; null if it is not known
   */
  String dataset(String archive) {
    return md5.equals(archive) ? dataset : dataset + "-unverified";
  }

  /** The classes' names where the data does not name them, in label order. */
  List<String> classes() {
    return classes;
  }

  /** The images, and classes with names that a file gives them. */
  DataSchema schema(List<String> names, String file) {
    return DataSchema.of(ImageShape.CIFAR10, names, file);
  }

  /** The file with the classes' names. */
  String namesFile() {
    return switch (this) {
      case CIFAR10 -> "batches.meta.txt";
      case CIFAR100 -> "fine_label_names.txt";
      case CIFAR100_COARSE -> "coarse_label_names.txt";
    };
  }

  /** The folder in the official archive. */
  String folder() {
    return this == CIFAR10 ? Cifar10Format.FOLDER : "cifar-100-binary";
  }

  /** The official archive's name. */
  String archive() {
    return this == CIFAR10 ? Cifar10Format.ARCHIVE : "cifar-100-binary.tar.gz";
  }

  /** The files of a subset, in order. */
  List<String> files(Subset subset) {
    if (this == CIFAR10) {
      return subset == Subset.TRAIN ? Cifar10Format.TRAIN : List.of(Cifar10Format.TEST);
    }
    return List.of(subset == Subset.TRAIN ? "train.bin" : "test.bin");
  }

  /** All data files, in order. */
  List<String> files() {
    return Stream.of(Subset.values()).flatMap(subset -> files(subset).stream()).toList();
  }

  /** How many times as many records as the test file a file has, by the end of its name. */
  int share(String file) {
    return file.endsWith("train.bin") ? BATCHES : 1;
  }

  /** Bytes before the pixels of a record: the label, or the coarse and the fine one. */
  int labelBytes() {
    return this == CIFAR10 ? 1 : 2;
  }

  /** Which of these bytes is the label. */
  int labelAt() {
    return this == CIFAR100 ? 1 : 0;
  }

  /** Bytes of a record. */
  int record() {
    return labelBytes() + ImageShape.CIFAR10.pixels();
  }

  /**
   * The digest of the whole data set: the same for a folder and for an archive of the same files.
   */
  String digest(List<FileDigest> digests) {
    StringBuilder lines = new StringBuilder();
    for (String name : files()) {
      for (FileDigest file : digests) {
        if (file.file().equals(name)) {
          lines.append(file.sha256()).append("  ").append(name).append('\n');
        }
      }
    }
    if (this == CIFAR100_COARSE) {
      lines.append("coarse labels\n");
    }
    return Digests.sha256(lines.toString());
  }
}
