package io.involution.files;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Locale;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The one place that reads files whole: up to a limit, whatever length they claim to have. */
public final class WholeFile {
  /** The most bytes that are read of JSON. */
  public static final int MOST_JSON = 1 << 24;

  /** What is made of a file's bytes, such as text and rows, takes several times their memory. */
  private static final int SHARE = 8;

  /** A model is only floats: where one could be written, it can be read. */
  private static final int SHARE_OF_MODEL = 4;

  private static final int MOST_IN_ARRAY = Integer.MAX_VALUE - 64;

  private WholeFile() {}

  /** A file is larger than its reader can take. */
  public static final class TooLargeException extends IOException {
    private static final long serialVersionUID = 1;

    private TooLargeException(String size, int most) {
      super(String.format(Locale.ROOT, "%smore than %d bytes", size, most));
    }
  }

  /**
   * Reads a file.
   *
   * @throws FileNotFoundException when there is no file of that name; a folder is none
   * @throws TooLargeException when it is JSON of more than 16 MB, or larger than an eighth of this
   *     JVM's memory, a quarter for a model and its state
   */
  static byte[] read(FileSystem fileSystem, Path path) throws IOException {
    return read(fileSystem, path, most(path.getName()));
  }

  /** The most bytes that are read of a file of some name, and of several together. */
  public static int most(String name) {
    boolean model = name.endsWith(".bin") || name.endsWith(".zip");
    int parts = model ? SHARE_OF_MODEL : SHARE;
    long share = Math.min(MOST_IN_ARRAY, Runtime.getRuntime().maxMemory() / parts);
    return (int) (name.endsWith(".json") ? Math.min(MOST_JSON, share) : share);
  }

  /**
   * Reads a file of at most so many bytes.
   *
   * @throws FileNotFoundException when there is no file of that name; a folder is none
   * @throws TooLargeException when it is larger
   */
  public static byte[] read(FileSystem fileSystem, Path path, int most) throws IOException {
    FileStatus status = fileSystem.getFileStatus(path);
    if (status.isDirectory()) {
      throw new FileNotFoundException("a folder");
    }
    if (status.getLen() > most) {
      throw new TooLargeException(status.getLen() + " bytes, ", most);
    }
    try (var in = fileSystem.open(path)) {
      // The length need not be true: servers and special files have none.
      byte[] bytes = in.readNBytes(most + 1);
      if (bytes.length > most) {
        throw new TooLargeException("", most);
      }
      return bytes;
    }
  }
}
