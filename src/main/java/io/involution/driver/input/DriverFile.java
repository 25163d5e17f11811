package io.involution.driver.input;

import io.involution.data.FileSystems;
import io.involution.failure.InputException;
import io.involution.failure.Places;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/** Small files that the driver reads whole, from any Hadoop file system. */
public final class DriverFile {
  private static final long MOST_BYTES = 1L << 28;

  private DriverFile() {}

  /**
   * A file's text.
   *
   * @param option the option that named it, for the error line
   */
  public static String text(String option, String name) {
    return new String(bytes(option, name, new Configuration()), StandardCharsets.UTF_8);
  }

  /**
   * A file's bytes.
   *
   * @param option the option that named it, for the error line
   * @throws InputException when it cannot be read
   */
  public static byte[] bytes(String option, String name, Configuration hadoop) {
    try {
      Path path = new Path(name);
      var fileSystem = FileSystems.of(path, hadoop);
      FileStatus status = fileSystem.getFileStatus(path);
      if (status.isDirectory() || status.getLen() > MOST_BYTES) {
        throw new IOException(status.isDirectory() ? "a folder" : status.getLen() + " bytes");
      }
      try (var in = fileSystem.open(path)) {
        return in.readAllBytes();
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new InputException(
          option
              + " "
              + Places.shown(name)
              + " cannot be read ("
              + Places.reason(e)
              + "): check the path",
          e);
    }
  }
}
