package io.involution.driver.input;

import io.involution.failure.InputException;
import io.involution.files.FileSystems;
import io.involution.files.UserPath;
import io.involution.files.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
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
      (int) Math.max(1 << 27, Math.min(1 << 28, Runtime.getRuntime().maxMemory() / 4));

  private static final Duration MOST_TIME = Duration.ofMinutes(2);

  private DriverFile() {}

  /**
   * Returns a file's text.
   *
   * @param option the option that named it, for the error message
   */
  public static String text(String option, String name, Configuration hadoop) {
    return new String(bytes(option, name, hadoop), StandardCharsets.UTF_8);
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
    FutureTask<byte[]> reading = new FutureTask<>(() -> read(UserPath.of(name), hadoop));
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

  private static byte[] read(Path path, Configuration hadoop) throws IOException {
    return WholeFile.read(FileSystems.of(path, hadoop), path, MOST_BYTES);
  }

  private static InputException unreadable(
      String option, String name, Exception e, Configuration hadoop) {
    return UserPath.refused(option + " %s cannot be read (%s): check the path", name, e, hadoop);
  }
}
