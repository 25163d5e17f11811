package io.involution.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Which points have been reached, as files that all JVMs of a run on this machine see. */
record Marks(Path folder) {
  /** Setting that names the folder. */
  static final String SETTING = "spark.soak.marks";

  /** Marks a point; false where another JVM was first. */
  boolean set(String point, String evidence) {
    try {
      Files.writeString(Files.createFile(folder.resolve(point)), evidence);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether a point has been reached. */
  boolean isSet(String point) {
    return Files.exists(folder.resolve(point));
  }
}
