package io.involution.driver.input;

import io.involution.data.picture.PictureFile;
import io.involution.failure.InputException;
import io.involution.files.FileSystems;
import io.involution.files.UserPath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
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
    for (String format : List.of("parquet", "orc", "avro")) {
      if (lower.endsWith("." + format)) {
        return format;
      }
    }
    return lower.contains("cifar-100") || lower.contains("cifar100") ? CIFAR100 : CIFAR10;
  }

  private static String ofFolder(FileSystem fileSystem, Path folder) throws IOException {
    List<String> names = names(fileSystem, folder);
    if (names.stream().anyMatch(name -> name.startsWith("data_batch_"))
        || names.stream().anyMatch(name -> name.startsWith("cifar-10-"))) {
      return CIFAR10;
    }
    if (names.contains("cifar-100-binary")
        || (names.contains("train.bin") && names.contains("test.bin"))) {
      return CIFAR100;
    }
    List<String> deeper = new ArrayList<>(names);
    for (FileStatus inner : visibleFolders(fileSystem, folder)) {
      deeper.addAll(names(fileSystem, inner.getPath()));
      if (isTable(deeper) || hasImages(fileSystem, inner.getPath())) {
        break;
      }
    }
    if (names.contains("_delta_log") || deeper.contains("_delta_log")) {
      return "delta";
    }
    for (String format : List.of("parquet", "orc", "avro")) {
      if (deeper.stream().anyMatch(name -> name.endsWith("." + format))) {
        return format;
      }
    }
    return visibleFolders(fileSystem, folder).isEmpty() ? CIFAR10 : FOLDER;
  }

  private static boolean isTable(List<String> names) {
    return names.stream().anyMatch(name -> name.matches(".*\\.(parquet|orc|avro)|_delta_log"));
  }

  private static boolean hasImages(FileSystem fileSystem, Path folder) throws IOException {
    return names(fileSystem, folder).stream().anyMatch(PictureFile::isPictureName);
  }

  private static List<String> names(FileSystem fileSystem, Path folder) throws IOException {
    return Arrays.stream(fileSystem.listStatus(folder))
        .map(status -> status.getPath().getName())
        .toList();
  }

  private static List<FileStatus> visibleFolders(FileSystem fileSystem, Path folder)
      throws IOException {
    return Arrays.stream(fileSystem.listStatus(folder))
        .filter(FileStatus::isDirectory)
        .filter(status -> !status.getPath().getName().matches("[._].*"))
        .toList();
  }
}
