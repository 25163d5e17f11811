package io.involution.driver.input;

import io.involution.failure.InputException;
import io.involution.files.FileSystems;
import io.involution.files.UserPath;
import io.involution.files.WholeFile;
import io.involution.model.ModelFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Reads small files on the driver, from any Hadoop file system. */
public final class DriverFile {
  /** A model of the most parameters with its updater's state, in a heap that has room for it. */
  private static final int MOST_BYTES =
      (int) Math.max(1 << 27, Math.min(ModelFile.MOST_BYTES, Runtime.getRuntime().maxMemory() / 4));

  private static final Duration MOST_TIME = Duration.ofMinutes(2);

  private DriverFile() {}

  /**
   * Returns the text of a file with settings.
   *
   * @param option the option that named it, for the error message
   * @see #settings
   */
  public static String text(String option, String name, Configuration hadoop) {
    return new String(settings(option, name, hadoop), StandardCharsets.UTF_8);
  }

  /**
   * Returns the bytes of a file with settings. Such files lie where the command is typed: what has
   * no scheme, and is not on the default file system, may be a file of this machine.
   *
   * @param option the option that named it, for the error message
   * @throws InputException if it cannot be read
   */
  public static byte[] settings(String option, String name, Configuration hadoop) {
    return bytes(option, name, MOST_TIME, hadoop, () -> here(name, hadoop));
  }

  /**
   * Returns a file's bytes.
   *
   * @param option the option that named it, for the error message
   * @throws InputException if it cannot be read
   */
  public static byte[] bytes(String option, String name, Configuration hadoop) {
    return bytes(option, name, hadoop, MOST_TIME);
  }

  /** The same with another limit: a server that keeps silent has no time-out of its own. */
  static byte[] bytes(String option, String name, Configuration hadoop, Duration limit) {
    return bytes(option, name, limit, hadoop, () -> read(UserPath.of(name), hadoop));
  }

  private static byte[] bytes(
      String option, String name, Duration limit, Configuration hadoop, Callable<byte[]> read) {
    FutureTask<byte[]> reading = new FutureTask<>(read);
    Thread thread = new Thread(reading, "read " + option);
    thread.setDaemon(true);
    thread.start();
    try {
      return reading.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException || e.getCause() instanceof IllegalArgumentException) {
        throw unreadable(option, name, (Exception) e.getCause(), hadoop);
      }
      throw new IllegalStateException(e.getCause());
    } catch (TimeoutException e) {
      String late = "not within " + limit.toSeconds() + " s";
      throw unreadable(option, name, new IOException(late, e), hadoop);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unreadable(option, name, e, hadoop);
    }
  }

  private static byte[] here(String name, Configuration hadoop) throws IOException {
    Path path = UserPath.of(name);
    try {
      return read(path, hadoop);
    } catch (FileNotFoundException e) {
      java.nio.file.Path local = java.nio.file.Path.of(name);
      if (path.toUri().getScheme() == null && Files.isRegularFile(local)) {
        return read(UserPath.of(local), hadoop);
      }
      throw e;
    }
  }

  private static byte[] read(Path path, Configuration hadoop) throws IOException {
    return WholeFile.read(FileSystems.of(path, hadoop), path, MOST_BYTES);
  }

  private static InputException unreadable(
      String option, String name, Exception e, Configuration hadoop) {
    return UserPath.refused(option + " %s cannot be read (%s): check the path", name, e, hadoop);
  }
}
