package io.involution.driver.input;

import io.involution.data.picture.PictureFile;
import io.involution.failure.InputException;
import io.involution.files.FileSystems;
import io.involution.files.UserPath;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** What kind of data a folder or file holds, by the names of the files in it. */
public final class DataFormat {
  /** CIFAR-10's binary files, and the data set that is built in. */
  public static final String CIFAR10 = "cifar10";

  /** CIFAR-100's binary files. */
  public static final String CIFAR100 = "cifar100";

  /** A folder with a folder of images for each class. */
  public static final String FOLDER = "folder";

  private static final List<String> TABLES = List.of("parquet", "orc", "avro");
  private static final List<String> WITHOUT_PLACE = List.of("auto", "synthetic");

  private DataFormat() {}

  /**
   * The format of the data.
   *
   * @param data the data option
   * @param format the format option
   * @return one of the constants, or the name of a format of Spark; CIFAR-10's if there is no such
   *     place or nothing is known in it, whose reader then says what is wrong
   */
  public static String of(String data, String format, Configuration hadoop) {
    if (WITHOUT_PLACE.contains(data)) {
      if (!format.equals("auto")) {
        throw new InputException(
            "--data-format " + format + " needs --data: name the folder or table");
      }
      return CIFAR10;
    }
    if (!format.equals("auto")) {
      return format;
    }
    try {
      Path path = UserPath.of(data);
      FileSystem fileSystem = FileSystems.of(path, hadoop);
      FileStatus status = fileSystem.getFileStatus(path);
      return status.isDirectory() ? ofFolder(fileSystem, path) : ofFile(path.getName());
    } catch (IOException | IllegalArgumentException e) {
      // Whoever reads it says what is wrong.
      return CIFAR10;
    }
  }

  private static String ofFile(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    for (String format : TABLES) {
      if (lower.endsWith("." + format)) {
        return format;
      }
    }
    return lower.contains("cifar-100") || lower.contains("cifar100") ? CIFAR100 : CIFAR10;
  }

  private static String ofFolder(FileSystem fileSystem, Path folder) throws IOException {
    FileStatus[] inside = fileSystem.listStatus(folder);
    List<String> names = names(inside);
    if (names.stream().anyMatch(name -> name.startsWith("data_batch_"))
        || names.stream().anyMatch(name -> name.startsWith("cifar-10-"))) {
      return CIFAR10;
    }
    if (names.contains("cifar-100-binary")
        || (names.contains("train.bin") && names.contains("test.bin"))) {
      return CIFAR100;
    }
    List<Path> folders = visibleFolders(inside);
    Optional<String> table = table(names);
    for (int i = 0; i < folders.size() && table.isEmpty(); i++) {
      List<String> deeper = names(fileSystem.listStatus(folders.get(i)));
      table = table(deeper);
      if (deeper.stream().anyMatch(PictureFile::isPictureName)) {
        break;
      }
    }
    return table.orElse(folders.isEmpty() ? CIFAR10 : FOLDER);
  }

  /** The format of a table with files of these names; empty if it is none. */
  private static Optional<String> table(List<String> names) {
    return names.contains("_delta_log")
        ? Optional.of("delta")
        : TABLES.stream()
            .filter(format -> names.stream().anyMatch(name -> name.endsWith("." + format)))
            .findFirst();
  }

  private static List<String> names(FileStatus[] files) {
    return Arrays.stream(files).map(status -> status.getPath().getName()).toList();
  }

  private static List<Path> visibleFolders(FileStatus[] files) {
    return Arrays.stream(files)
        .filter(FileStatus::isDirectory)
        .map(FileStatus::getPath)
        .filter(path -> !path.getName().startsWith(".") && !path.getName().startsWith("_"))
        .toList();
  }
}
