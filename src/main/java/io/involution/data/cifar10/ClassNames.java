package io.involution.data.cifar10;

import io.involution.files.UserPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The class names in a data folder. */
final class ClassNames {
  private static final int MOST_BYTES = 4096;

  private ClassNames() {}

  /** The names in the data set's file; the usual ones if it is missing or has another number. */
  static List<String> read(FileSystem fileSystem, Path folder, CifarKind kind) throws IOException {
    Path path = UserPath.in(folder, kind.namesFile());
    if (!fileSystem.exists(path)) {
      return kind.classes();
    }
    try (var in = fileSystem.open(path)) {
      String text = new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
      List<String> names = text.lines().map(String::strip).filter(n -> !n.isEmpty()).toList();
      return names.size() == kind.classes().size() ? names : kind.classes();
    }
  }
}
