package io.involution.files;

import io.involution.failure.InputException;
import io.involution.failure.Places;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.function.Predicate;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A file outside a run's folder may take the place of an older one of its kind, and of no other.
 */
public final class OwnFile {
  private static final int START = 4096;

  private OwnFile() {}

  /**
   * Makes sure that writing a file overwrites nothing of anybody else's.
   *
   * @param file the file
   * @param signed the file that shows who has written it, perhaps the same
   * @param isOurs whether the first bytes of a file are this job's
   * @throws InputException if there is such a file, and it is not this job's
   */
  public static void requireNoOther(
      FileSystem fileSystem, Path file, Path signed, Predicate<byte[]> isOurs) throws IOException {
    if (fileSystem.exists(file) && !isOurs.test(start(fileSystem, signed))) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "--out: %s is there and was not written by this job: name another place; nothing was"
                  + " overwritten",
              Places.shown(file.toString())));
    }
  }

  private static byte[] start(FileSystem fileSystem, Path file) throws IOException {
    try (InputStream in = fileSystem.open(file)) {
      return in.readNBytes(START);
    } catch (FileNotFoundException e) {
      // Nothing is signed.
      return new byte[0];
    }
  }
}
