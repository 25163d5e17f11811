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
  CIFAR10(
      "cifar10", Cifar10Format.ARCHIVE_MD5, Cifar10Format.FILES_MD5, DataSchema.CIFAR10.classes()),
  /** CIFAR-100 and its 100 classes. */
  CIFAR100("cifar100", Cifar100Names.ARCHIVE_MD5, List.of(), Cifar100Names.FINE),
  /** CIFAR-100 and its 20 groups of classes. */
  CIFAR100_COARSE("cifar100", Cifar100Names.ARCHIVE_MD5, List.of(), Cifar100Names.COARSE);

  private static final int BATCHES = 5;

  private final String dataset;
  private final String archiveMd5;

  @SuppressWarnings("ImmutableEnumChecker") // List.of
  private final List<String> filesMd5;

  @SuppressWarnings("ImmutableEnumChecker") // List.of
  private final List<String> classes;

  CifarKind(String dataset, String archiveMd5, List<String> filesMd5, List<String> classes) {
    this.dataset = dataset;
    this.archiveMd5 = archiveMd5;
    this.filesMd5 = filesMd5;
    this.classes = classes;
  }

  /** The data set's name in messages. */
  String title() {
    return this == CIFAR10 ? "CIFAR-10" : "CIFAR-100";
  }

  /**
   * The data set's name in outputs: the official one's for the official archive, and for its files
   * where their digests are known.
   *
   * @param digests of the data files, or of the archive and its files
   */
  String dataset(List<FileDigest> digests) {
    boolean official =
        digests.stream().anyMatch(digest -> digest.md5().equals(archiveMd5))
            || ordered(digests).map(FileDigest::md5).toList().equals(filesMd5);
    return official ? dataset : dataset + "-unverified";
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
    ordered(digests)
        .forEach(file -> lines.append(file.sha256()).append("  ").append(file.file()).append('\n'));
    if (this == CIFAR100_COARSE) {
      lines.append("coarse labels\n");
    }
    return Digests.sha256(lines.toString());
  }

  /** The digests of the data files, in the files' order. */
  private Stream<FileDigest> ordered(List<FileDigest> digests) {
    return files().stream()
        .flatMap(name -> digests.stream().filter(file -> file.file().equals(name)));
  }
}
