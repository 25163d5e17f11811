package io.involution.data.folder;

import io.involution.failure.InputException;
import io.involution.failure.Places;
import io.involution.files.FileSystems;
import io.involution.files.ReadFault;
import io.involution.files.UserPath;
import io.involution.files.WholeFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The images in a folder, such as a class's, and the folders below it. */
public final class ClassFiles {
  private static final int MOST_LEVELS = 16;
  private static final int MOST_BYTES = 1 << 26;

  private ClassFiles() {}

  /**
   * Lists the images.
   *
   * @return their paths relative to the folder, in byte order
   * @throws InputException if the folder alone cannot be listed, or one lies too deep
   * @throws io.involution.failure.RunFailedException if it can perhaps be listed later, or by
   *     another executor
   */
  public static List<String> list(String folder, Configuration hadoop) {
    List<String> names = new ArrayList<>();
    try {
      visit(folder, hadoop, (name, status) -> names.add(name));
    } catch (IOException e) {
      throw ReadFault.of(UserPath.of(folder), ": check it and your access to it", e, hadoop);
    } catch (IllegalArgumentException e) {
      throw UserPath.refused("%s cannot be read (%s): check it", folder, e, hadoop);
    }
    names.sort(FolderLayout::compare);
    return names;
  }

  /**
   * Visits the images in any order.
   *
   * @param images receives their paths relative to the folder, and what the file system says
   * @throws IOException if a folder cannot be listed
   * @throws InputException if a folder lies too deep
   */
  public static void visit(
      String folder, Configuration hadoop, BiConsumer<String, FileStatus> images)
      throws IOException {
    Path root = UserPath.of(folder);
    FileSystem fileSystem = FileSystems.of(root, hadoop);
    visit(fileSystem, fileSystem.makeQualified(root), "", images);
  }

  private static void visit(
      FileSystem fileSystem, Path folder, String prefix, BiConsumer<String, FileStatus> images)
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
        visit(fileSystem, path, prefix + path.getName() + "/", images);
      } else {
        images.accept(prefix + path.getName(), status);
      }
    }
  }

  /**
   * Reads an image's file.
   *
   * @throws IOException if it cannot be read, or has more than 64 MB
   */
  public static byte[] read(Path image, Configuration hadoop) throws IOException {
    return WholeFile.read(FileSystems.of(image, hadoop), image, MOST_BYTES);
  }

  /**
   * The same for a task, which Spark may try again.
   *
   * @throws InputException if this file alone cannot be read, now or later
   * @throws io.involution.failure.RunFailedException if it can perhaps be read later, or by another
   *     executor
   */
  public static byte[] readInTask(Path image, Configuration hadoop) {
    try {
      return read(image, hadoop);
    } catch (IOException e) {
      throw ReadFault.of(image, "", e, hadoop);
    }
  }
}
