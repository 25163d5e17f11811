package io.involution.data.cifar10;

import io.involution.data.DataSchema;
import io.involution.files.UserPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The class names in a data folder. */
final class ClassNames {
  private static final String FILE = "batches.meta.txt";
  private static final int MOST_BYTES = 4096;

  private ClassNames() {}

  /** The ten names of batches.meta.txt; CIFAR-10's if the file is missing or has another number. */
  static List<String> read(FileSystem fileSystem, Path folder) throws IOException {
    Path path = UserPath.in(folder, FILE);
    if (!fileSystem.exists(path)) {
      return DataSchema.CIFAR10.classes();
    }
    try (var in = fileSystem.open(path)) {
      String text = new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
      List<String> names = text.lines().map(String::strip).filter(n -> !n.isEmpty()).toList();
      return names.size() == DataSchema.CIFAR10.classCount() ? names : DataSchema.CIFAR10.classes();
    }
  }
}
