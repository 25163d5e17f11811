package io.involution.data.cifar10;

import io.involution.data.Digests;
import io.involution.failure.InputException;
import io.involution.failure.Places;
import io.involution.files.FileSystems;
import io.involution.files.ReadFault;
import io.involution.files.UserPath;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * One pass over a tar.gz, entry by entry. What an archive of the data set never holds is refused
 * before it is read: links, paths outside its folder, files larger than those of the data set.
 */
final class ArchiveWalk {
  private static final int BUFFER = 1 << 16;
  private static final int MOST_ENTRIES = 100;
  private static final int MOST_SHOWN = 100;
  private static final long MOST_OTHER_BYTES = 1 << 20;

  private final String archive;
  private final RecordCheck check;

  ArchiveWalk(String archive, RecordCheck check) {
    this.archive = archive;
    this.check = check;
  }

  /** Is called for every data file, in the archive's order. */
  @FunctionalInterface
  interface Visitor {
    /**
     * Reads a data file.
     *
     * @param name its name, one of the six
     * @param in its bytes
     * @param file its full name, for error messages
     * @return whether to continue with the next one
     */
    boolean visit(String name, InputStream in, String file) throws IOException;
  }

  /**
   * Reads the archive from its beginning, as far as the visitor wants.
   *
   * @param hadoop settings of the file system
   * @param digests is given every byte of the archive; null for none
   * @param visitor called for each data file
   * @throws InputException naming the archive, the entry or offset, and the fix
   * @throws io.involution.failure.RunFailedException if it can perhaps be read later
   */
  void run(Configuration hadoop, Digests digests, Visitor visitor) {
    Path path = UserPath.of(archive);
    try (InputStream file = FileSystems.of(path, hadoop).open(path);
        CountingStream counting = new CountingStream(file, digests)) {
      walk(counting, visitor);
      if (digests != null) {
        counting.transferTo(OutputStream.nullOutputStream());
      }
    } catch (IOException e) {
      throw ReadFault.of(path, Cifar10Folder.UNREAD, e, hadoop);
    }
  }

  private void walk(CountingStream counting, Visitor visitor) throws IOException {
    try (GZIPInputStream unpacked =
            new GZIPInputStream(new BufferedInputStream(counting, BUFFER), BUFFER);
        TarEntries tar = new TarEntries(unpacked)) {
      Set<String> found = new HashSet<>();
      boolean more = true;
      int entries = 0;
      for (Optional<TarArchiveEntry> entry = tar.next();
          more && entry.isPresent();
          entry = more ? tar.next() : Optional.empty()) {
        if (++entries > MOST_ENTRIES) {
          throw refuse("it has more than " + MOST_ENTRIES + " entries");
        }
        String name = checkEntry(entry.get());
        if (check.kind().files().contains(name)) {
          if (!found.add(name)) {
            throw refuse("it contains " + name + " twice");
          }
          more = visitor.visit(name, tar.content(), Places.shown(archive) + "!" + name);
        }
      }
      if (more) {
        checkComplete(found);
        checkEnd(unpacked);
      }
    } catch (IOException e) {
      counting.requireUnbroken();
      boolean damaged = e instanceof ZipException || e instanceof EOFException;
      throw refuse(
          String.format(
              Locale.ROOT,
              "it is %s near byte %,d (%s)",
              damaged ? "truncated or damaged" : "not a tar.gz",
              counting.position(),
              Places.reason(e)));
    }
  }

  private void checkComplete(Set<String> found) {
    for (String name : check.kind().files()) {
      if (!found.contains(name)) {
        throw refuse(name + " is missing");
      }
    }
  }

  /** Reads the padding after the last entry and, with it, gzip's checksum. */
  private void checkEnd(InputStream unpacked) throws IOException {
    long left = MOST_OTHER_BYTES;
    byte[] padding = new byte[BUFFER];
    for (int count = unpacked.read(padding); count >= 0; count = unpacked.read(padding)) {
      left -= count;
      if (left < 0) {
        throw refuse("data follows its last entry");
      }
    }
  }

  /** The entry's name without its folders; empty for a folder. */
  private String checkEntry(TarArchiveEntry entry) {
    String full = entry.getName();
    String start = full.substring(0, Math.min(MOST_SHOWN, full.length()));
    String shown = start.replaceAll("[^\\w./ -]", "?");
    if (full.startsWith("/") || Arrays.asList(full.split("[/\\\\]")).contains("..")) {
      throw refuse("its entry " + shown + " points outside the folder");
    }
    if (!TarEntries.isPlain(entry)) {
      throw refuse("its entry " + shown + " is a link or a special file");
    }
    String name = entry.isDirectory() ? "" : full.substring(full.lastIndexOf('/') + 1);
    if (Cifar10Format.isOtherVersion(name)) {
      throw refuse("it is " + Cifar10Format.binaryVersion());
    }
    if (check.kind().files().contains(name)) {
      if (entry.getSize() != check.length(name)) {
        throw check.wrongLength(Places.shown(archive) + "!" + name, entry.getSize());
      }
    } else if (entry.getSize() > MOST_OTHER_BYTES) {
      throw refuse(
          String.format(Locale.ROOT, "its entry %s has %,d bytes", shown, entry.getSize()));
    }
    return name;
  }

  /** The refusal of the archive. */
  InputException refuse(String why) {
    String official = check.kind().archive();
    String fix =
        UserPath.of(archive).getName().equals(official)
            ? "delete it and download it again"
            : "use the official " + official + " or a folder";
    return new InputException(
        String.format(
            Locale.ROOT,
            "%s is not an archive of %s: %s; %s",
            Places.shown(archive),
            check.kind().title(),
            why,
            fix));
  }
}
