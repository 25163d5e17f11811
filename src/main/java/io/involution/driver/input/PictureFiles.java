package io.involution.driver.input;

import io.involution.data.ImageShape;
import io.involution.data.folder.ClassFiles;
import io.involution.data.picture.PictureFile;
import io.involution.failure.InputException;
import io.involution.failure.Places;
import io.involution.files.FileSystems;
import io.involution.files.UserPath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Pictures that a user names, as files or by their folders. A file that is named has to be
 * readable; in a folder, what cannot be read is left out.
 */
public final class PictureFiles {
  /** The driver keeps them all, and prints a table for each. */
  private static final int MOST = 10_000;

  /** A byte each, and held up to three times, in a heap of 3 GB. */
  private static final int MOST_PIXELS = 1 << 28;

  private static final int NAMED = 3;

  private final ImageShape shape;
  private final Configuration hadoop;
  private final List<String> names = new ArrayList<>();
  private final List<byte[]> pictures = new ArrayList<>();
  private final List<String> faults = new ArrayList<>();

  private PictureFiles(ImageShape shape, Configuration hadoop) {
    this.shape = shape;
    this.hadoop = hadoop;
  }

  /**
   * Reads pictures.
   *
   * @param places files and folders
   * @param shape the shape that a network takes
   * @throws InputException if a file, or everything in the folders, cannot be read
   */
  public static PictureFiles read(List<String> places, ImageShape shape, Configuration hadoop) {
    PictureFiles files = new PictureFiles(shape, hadoop);
    for (String place : places) {
      if (files.isFolder(place)) {
        files.addFolder(place);
      } else {
        files.requireRoom(1, place);
        byte[] bytes = DriverFile.bytes("IMAGE", place, hadoop);
        files.add(UserPath.of(place).getName(), bytes, place);
      }
    }
    if (files.names.isEmpty()) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "none of %,d images can be read, the first is: %s",
              files.faults.size(),
              files.faults.get(0)));
    }
    return files;
  }

  private boolean isFolder(String place) {
    try {
      Path path = UserPath.of(place);
      FileSystem fileSystem = FileSystems.of(path, hadoop);
      return fileSystem.getFileStatus(path).isDirectory();
    } catch (IOException | IllegalArgumentException e) {
      // Whoever reads it as a file says what is wrong.
      return false;
    }
  }

  private void addFolder(String folder) {
    List<String> found =
        ClassFiles.list(folder, hadoop).stream().filter(PictureFile::isPictureName).toList();
    if (found.isEmpty()) {
      throw new InputException(
          Places.shown(folder) + " has no images: name a folder of PNG or JPEG files");
    }
    requireRoom(found.size(), folder);
    for (String name : found) {
      String shown = folder + "/" + name;
      try {
        add(name, ClassFiles.read(UserPath.in(folder, name), hadoop), shown);
      } catch (InputException e) {
        faults.add(e.getMessage());
      } catch (IOException | IllegalArgumentException e) {
        faults.add(Places.shown(shown) + " cannot be read (" + Places.reason(e) + ")");
      }
    }
  }

  private void requireRoom(int more, String place) {
    int most = Math.min(MOST, MOST_PIXELS / shape.pixels());
    if (total() + more > most) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "with %s there are more than %,d images of %s: use classify",
              Places.shown(place),
              most,
              shape));
    }
  }

  /** Number of images, readable or not. */
  private int total() {
    return names.size() + faults.size();
  }

  private void add(String name, byte[] bytes, String shown) {
    pictures.add(PictureFile.pixels(bytes, shown, shape));
    names.add(name);
  }

  /** What people call those that were read. */
  public List<String> names() {
    return names;
  }

  /** Their pixels, one after the other. */
  public byte[] pixels() {
    byte[] pixels = new byte[pictures.size() * shape.pixels()];
    for (int i = 0; i < pictures.size(); i++) {
      System.arraycopy(pictures.get(i), 0, pixels, i * shape.pixels(), shape.pixels());
    }
    return pixels;
  }

  /** How many were left out, and why the first ones; empty if none was. */
  public String warning() {
    return faults.isEmpty()
        ? ""
        : String.format(
            Locale.ROOT,
            "warning: %,d of %,d images cannot be read and are left out: %s%s",
            faults.size(),
            total(),
            String.join("; ", faults.subList(0, Math.min(NAMED, faults.size()))),
            faults.size() > NAMED ? "; ..." : "");
  }
}
