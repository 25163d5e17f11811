package io.involution.data.folder;

import io.involution.failure.InputException;
import io.involution.failure.Places;
import io.involution.files.FileSystems;
import io.involution.files.UserPath;
import io.involution.files.WholeFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The images in a class's folder and the folders below it. */
public final class ClassFiles {
  private static final int MOST_LEVELS = 16;
  private static final int MOST_BYTES = 1 << 26;

  private ClassFiles() {}

  /**
   * Lists the images.
   *
   * @return their paths relative to the folder, in byte order
   * @throws InputException if a folder cannot be listed, or lies too deep
   */
  public static List<String> list(String folder, Configuration hadoop) {
    List<String> names = new ArrayList<>();
    Path root = UserPath.of(folder);
    try {
      add(FileSystems.of(root, hadoop), root, "", names);
    } catch (IOException | IllegalArgumentException e) {
      throw UserPath.refused(
          "%s cannot be read (%s): check it and your access to it", folder, e, hadoop);
    }
    names.sort(FolderLayout::compare);
    return names;
  }

  private static void add(FileSystem fileSystem, Path folder, String prefix, List<String> names)
      throws IOException {
    if (prefix.chars().filter(letter -> letter == '/').count() > MOST_LEVELS) {
      throw new InputException(
          Places.shown(folder.toString())
              + " is more than 16 folders deep: remove it, or the link that leads there");
    }
    for (FileStatus status : fileSystem.listStatus(folder)) {
      Path path = status.getPath();
      if (FolderLayout.isHidden(path)) {
        continue;
      }
      if (status.isDirectory()) {
        add(fileSystem, path, prefix + path.getName() + "/", names);
      } else {
        names.add(prefix + path.getName());
      }
    }
  }

  /**
   * Reads an image's file.
   *
   * @throws IOException if it cannot be read, or has more than 64 MB
   */
  public static byte[] read(String folder, String name, Configuration hadoop) throws IOException {
    Path path = UserPath.in(folder, name);
    return WholeFile.read(FileSystems.of(path, hadoop), path, MOST_BYTES);
  }
}
