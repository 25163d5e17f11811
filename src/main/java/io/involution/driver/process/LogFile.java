package io.involution.driver.process;

import io.involution.failure.Places;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * What is too long for the console: Spark's log and stack traces. The file is made in the folder
 * for temporary files when there is something to write, under a name that nobody can foresee, and
 * only its owner can read it. Where it cannot be written, the text is lost, and the reason is kept.
 */
final class LogFile {
  private static final long MOST_CHARACTERS = 64L << 20;

  private Path path;
  private Optional<String> lost = Optional.empty();
  private long written;

  /** Adds text, with a line break at its end. */
  synchronized void add(String text) {
    if (lost.isPresent() || written > MOST_CHARACTERS) {
      return;
    }
    try {
      if (path == null || Files.notExists(path)) { // whoever tidies up may have deleted it
        // Unforeseeable, new, and for its owner only: what createTempFile promises.
        path = Files.createTempFile("involution-", ".log");
      }
      Files.writeString(path, text + "\n", StandardCharsets.UTF_8, StandardOpenOption.APPEND);
      written += text.length();
    } catch (IOException | UncheckedIOException e) {
      lost = Optional.of(Places.reason(e));
    }
  }

  /** Where it is; empty if nothing has been written. */
  synchronized Optional<Path> path() {
    return Optional.ofNullable(written > 0 ? path : null);
  }

  /** Why it holds not everything; empty if it does. */
  synchronized Optional<String> lost() {
    return lost;
  }

  /** Deletes it, since nobody needs it; what is added later goes into a new one. */
  synchronized void delete() {
    try {
      if (path != null) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      // It stays behind, for its owner only.
    }
    lost = Optional.empty();
    path = null;
    written = 0;
  }
}
