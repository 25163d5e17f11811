package io.involution.data.cifar10;

import io.involution.data.Digests;
import io.involution.data.FileSystems;
import io.involution.data.tar.TarMember;
import io.involution.data.tar.TarMember.Kind;
import io.involution.data.tar.TarReader;
import io.involution.failure.InputException;
import io.involution.failure.Places;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * One pass over a tar.gz, from member to member. Whatever a well-meant archive of the data set does
 * not hold is refused before it is read: links, paths that lead out, files larger than the data
 * set's.
 */
final class ArchiveWalk {
  private static final int BUFFER = 1 << 16;
  private static final int MOST_MEMBERS = 100;
  private static final int MOST_SHOWN = 100;
  private static final long MOST_OTHER_BYTES = 1 << 20;

  private final String archive;
  private final RecordCheck check;

  ArchiveWalk(String archive, RecordCheck check) {
    this.archive = archive;
    this.check = check;
  }

  /** Told of every data file, in the archive's order. */
  @FunctionalInterface
  interface Visitor {
    /**
     * Looks at a data file.
     *
     * @param name its name, one of the six
     * @param in its bytes
     * @param file its full name, for error lines
     * @return whether to go on to the next
     */
    boolean visit(String name, InputStream in, String file) throws IOException;
  }

  /**
   * Walks through the archive.
   *
   * @param hadoop settings of the file system
   * @param digests given every byte of the archive; null for none
   * @param visitor told of the data files
   * @throws InputException naming archive, member or offset, and fix
   */
  void run(Configuration hadoop, Digests digests, Visitor visitor) {
    Path path = new Path(archive);
    try (InputStream file = FileSystems.of(path, hadoop).open(path);
        Counting counting = new Counting(file, digests)) {
      walk(counting, visitor);
      if (digests != null) {
        counting.skipNBytes(Long.MAX_VALUE);
      }
    } catch (EOFException e) {
      if (digests == null) {
        throw Unreadable.because(archive, e);
      }
    } catch (IOException e) {
      throw Unreadable.because(archive, e);
    }
  }

  private void walk(Counting counting, Visitor visitor) {
    try (GZIPInputStream unpacked =
            new GZIPInputStream(new BufferedInputStream(counting, BUFFER), BUFFER);
        TarReader tar = new TarReader(unpacked)) {
      Set<String> found = new HashSet<>();
      boolean more = true;
      int members = 0;
      for (Optional<TarMember> member = tar.next();
          more && member.isPresent();
          member = more ? tar.next() : Optional.empty()) {
        if (++members > MOST_MEMBERS) {
          throw refuse("it has more than " + MOST_MEMBERS + " members");
        }
        String name = checkMember(member.get());
        if (Cifar10Format.FILES.contains(name)) {
          if (!found.add(name)) {
            throw refuse("it has " + name + " twice");
          }
          more = visitor.visit(name, tar, Places.shown(archive) + "!" + name);
        }
      }
      if (more) {
        checkComplete(found);
        checkEnd(unpacked);
      }
    } catch (ZipException | EOFException e) {
      throw refuse(
          String.format(
              Locale.ROOT, "near byte %,d it is truncated or damaged", counting.position()));
    } catch (IOException e) {
      throw refuse(
          String.format(
              Locale.ROOT,
              "near byte %,d it is no tar.gz (%s)",
              counting.position(),
              Places.reason(e)));
    }
  }

  private void checkComplete(Set<String> found) {
    for (String name : Cifar10Format.FILES) {
      if (!found.contains(name)) {
        throw refuse(name + " is missing in it");
      }
    }
  }

  /** Reads the padding after the last member, and with it gzip's own checksum. */
  private void checkEnd(InputStream unpacked) throws IOException {
    long left = MOST_OTHER_BYTES;
    byte[] padding = new byte[BUFFER];
    for (int count = unpacked.read(padding); count >= 0; count = unpacked.read(padding)) {
      left -= count;
      if (left < 0) {
        throw refuse("it goes on after its last member");
      }
    }
  }

  /** The member's name without its folders; empty for a folder. */
  private String checkMember(TarMember member) {
    String full = member.name();
    String start = full.substring(0, Math.min(MOST_SHOWN, full.length()));
    String shown = start.replaceAll("[^\\w./ -]", "?");
    if (full.startsWith("/") || Arrays.asList(full.split("[/\\\\]")).contains("..")) {
      throw refuse("its member " + shown + " leads out of the folder");
    }
    if (member.kind() == Kind.OTHER) {
      throw refuse("its member " + shown + " is a link or a special file");
    }
    boolean folder = member.kind() == Kind.FOLDER;
    String name = folder ? "" : full.substring(full.lastIndexOf('/') + 1);
    if (Cifar10Format.FILES.contains(name)) {
      if (member.size() != check.length()) {
        throw check.wrongLength(Places.shown(archive) + "!" + name, member.size());
      }
    } else if (member.size() > MOST_OTHER_BYTES) {
      throw refuse(String.format(Locale.ROOT, "its member %s has %,d bytes", shown, member.size()));
    }
    return name;
  }

  /** The refusal of the archive. */
  InputException refuse(String why) {
    return new InputException(
        Places.shown(archive)
            + " is no archive of CIFAR-10: "
            + why
            + "; name the official "
            + Cifar10Format.ARCHIVE
            + " or a folder");
  }

  /** Counts and digests the bytes of the archive itself. */
  private static final class Counting extends FilterInputStream {
    private final Digests digests;
    private long position;

    Counting(InputStream in, Digests digests) {
      super(in);
      this.digests = digests;
    }

    long position() {
      return position;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int count = super.read(buffer, offset, length);
      if (count > 0) {
        position += count;
        if (digests != null) {
          digests.update(buffer, offset, count);
        }
      }
      return count;
    }

    @Override
    public long skip(long count) throws IOException {
      byte[] skipped = new byte[(int) Math.min(count, BUFFER)];
      return Math.max(0, read(skipped, 0, skipped.length));
    }

    /** The walk's own stream is closed by its owner; the rest of the file may still be digested. */
    @Override
    public void close() {}
  }
}
