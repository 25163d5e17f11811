package io.involution.data.cifar10;

import io.involution.data.DataFingerprint;
import io.involution.data.FileDigest;
import io.involution.data.Subset;
import io.involution.failure.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;

/**
 * Reads a data file and checks every record.
 *
 * @param kind the data set
 * @param records number of records that the file of the test examples must have
 */
public record RecordCheck(CifarKind kind, int records) implements Serializable {
  private static final int RECORDS_AT_ONCE = 64;

  /** Of CIFAR-10. */
  RecordCheck(int records) {
    this(CifarKind.CIFAR10, records);
  }

  /** Number of records that a file must have. */
  int records(String file) {
    return Math.multiplyExact(records, kind.share(file));
  }

  /** Number of bytes that a file must have. */
  long length(String file) {
    return (long) records(file) * kind.record();
  }

  /** Number of examples of a subset. */
  int size(Subset subset) {
    return kind.files(subset).stream().mapToInt(this::records).sum();
  }

  /**
   * Identifies the data.
   *
   * @param location where it was read
   * @param digests of the data files, or of the archive and its files
   */
  DataFingerprint fingerprint(String location, List<FileDigest> digests) {
    return new DataFingerprint(
        kind.dataset(digests),
        location,
        kind.digest(digests),
        size(Subset.TRAIN),
        size(Subset.TEST));
  }

  /** Receives records that have been checked. */
  @FunctionalInterface
  interface Consumer {
    /**
     * Receives records.
     *
     * @param buffer holds them from its beginning
     * @param first index of the first one in the file
     * @param count their number
     */
    void accept(byte[] buffer, int first, int count);
  }

  /**
   * Reads records in order.
   *
   * @param in positioned at the first of them
   * @param file the file's full name, for the error message
   * @param from index of the first record
   * @param to index after the last record
   * @param consumer receives the records
   * @throws InputException for a label out of range or a file that ends too early
   */
  void read(InputStream in, String file, int from, int to, Consumer consumer) throws IOException {
    byte[] buffer = new byte[Math.min(RECORDS_AT_ONCE, to - from) * kind.record()];
    for (int first = from; first < to; first += RECORDS_AT_ONCE) {
      int count = Math.min(RECORDS_AT_ONCE, to - first);
      int wanted = count * kind.record();
      int found = in.readNBytes(buffer, 0, wanted);
      if (found < wanted) {
        throw wrongLength(file, (long) first * kind.record() + found);
      }
      for (int i = 0; i < count; i++) {
        checkLabel(buffer[i * kind.record() + kind.labelAt()], file, first + i);
      }
      consumer.accept(buffer, first, count);
    }
  }

  /** The error for a file that is too short or too long. */
  InputException wrongLength(String file, long found) {
    return new InputException(
        String.format(
            Locale.ROOT,
            "%s has %s%,d bytes, not %,d (%,d records of %,d): it is %s, download it again",
            file,
            found > length(file) ? "at least " : "",
            found,
            length(file),
            records(file),
            kind.record(),
            found < length(file) ? "truncated" : "not a " + kind.title() + " file"));
  }

  private void checkLabel(byte label, String file, int record) {
    int value = label & 0xff;
    if (value >= kind.classes().size()) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s: label %d at byte %,d (record %,d) is not from 0 to %d: the file is damaged,"
                  + " download it again",
              file,
              value,
              (long) record * kind.record(),
              record,
              kind.classes().size() - 1));
    }
  }
}
