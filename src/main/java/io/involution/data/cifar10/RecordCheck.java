package io.involution.data.cifar10;

import io.involution.data.DataSchema;
import io.involution.failure.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.Locale;

/**
 * Reads a data file and checks every record.
 *
 * @param records number of records that the file must have
 */
public record RecordCheck(int records) implements Serializable {
  private static final int RECORDS_AT_ONCE = 64;

  /** Number of bytes that the file must have. */
  long length() {
    return (long) records * Cifar10Format.RECORD;
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
    byte[] buffer = new byte[Math.min(RECORDS_AT_ONCE, to - from) * Cifar10Format.RECORD];
    for (int first = from; first < to; first += RECORDS_AT_ONCE) {
      int count = Math.min(RECORDS_AT_ONCE, to - first);
      int wanted = count * Cifar10Format.RECORD;
      int found = in.readNBytes(buffer, 0, wanted);
      if (found < wanted) {
        throw wrongLength(file, (long) first * Cifar10Format.RECORD + found);
      }
      for (int i = 0; i < count; i++) {
        checkLabel(buffer[i * Cifar10Format.RECORD], file, first + i);
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
            found > length() ? "at least " : "",
            found,
            length(),
            records,
            Cifar10Format.RECORD,
            found < length() ? "truncated" : "not a CIFAR-10 file"));
  }

  private static void checkLabel(byte label, String file, int record) {
    int value = label & 0xff;
    if (value >= DataSchema.CIFAR10.classCount()) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s: label %d at byte %,d (record %,d) is not from 0 to 9: the file is damaged,"
                  + " download it again",
              file,
              value,
              (long) record * Cifar10Format.RECORD,
              record));
    }
  }
}
