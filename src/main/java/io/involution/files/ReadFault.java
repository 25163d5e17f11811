package io.involution.files;

import io.involution.failure.InputException;
import io.involution.failure.Places;
import io.involution.failure.RunFailedException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.AccessControlException;

/** Whether what a task could not read is wrong itself, or only cannot be read here and now. */
public final class ReadFault {
  private ReadFault() {}

  /**
   * The exception for a file or folder that could not be read.
   *
   * @param place its path
   * @param fix what to do if it alone cannot be read, after a colon; may be empty
   * @param e what the file system threw; not a cause of the result, since Spark logs the causes of
   *     what a task throws, and their messages may hold the user information that is hidden here
   * @param hadoop settings of the file system
   * @return an {@link InputException} if it alone cannot be read, now or later; a {@link
   *     RunFailedException} if it can perhaps be read later, or by another executor
   */
  public static RuntimeException of(Path place, String fix, IOException e, Configuration hadoop) {
    String reason = UserPath.reason(place.toString(), e, hadoop);
    String problem = Places.shown(place.toString()) + " cannot be read (" + reason + ")";
    if (isOfOneFile(e) && isThere(place.getParent(), hadoop)) {
      return new InputException(problem + fix);
    }
    // Without a cause from outside, it would count as something that never passes.
    return new RunFailedException(
        problem + ": make sure that the driver and all executors can reach it",
        new IOException(Places.reason(e)));
  }

  private static boolean isOfOneFile(IOException e) {
    return Stream.of(
            FileNotFoundException.class,
            NoSuchFileException.class,
            AccessControlException.class,
            AccessDeniedException.class,
            WholeFile.TooLargeException.class)
        .anyMatch(type -> type.isInstance(e));
  }

  /** A whole folder that is missing, or a mount point without its disk, is this machine's fault. */
  private static boolean isThere(Path folder, Configuration hadoop) {
    try {
      return folder != null && FileSystems.of(folder, hadoop).listStatusIterator(folder).hasNext();
    } catch (IOException | UnsupportedOperationException unreachable) {
      // Web servers have no lists.
      return false;
    }
  }
}
