package io.involution.spark.classify;

import io.involution.files.Durability;
import io.involution.files.FolderFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.parquet.hadoop.ParquetWriter;

/**
 * Writes a partition's rows as Parquet files of a bounded size. The same rows give files of the
 * same names, so that a partition that is computed again replaces what it wrote before.
 */
final class PartWriter {
  /** Most probabilities in a file: its bytes are kept in memory until it is full. */
  private static final int MOST_NUMBERS = 1 << 21;

  /** Of an error that the driver shows; a key may be of any length. */
  private static final int MOST_LETTERS = 400;

  private final FolderFiles out;
  private final int part;
  private final List<String> classes;
  private final boolean explains;
  private final List<String> errors = new ArrayList<>();
  private MemoryFile file;
  private ParquetWriter<Classified> writer;
  private long rows;
  private long inFile;
  private long unreadable;
  private int files;

  PartWriter(FolderFiles out, int part, List<String> classes, boolean explains) {
    this.out = out;
    this.part = part;
    this.classes = classes;
    this.explains = explains;
  }

  /** The name of one of a partition's files. */
  static String name(int part, int file) {
    return String.format(Locale.ROOT, "part-%05d-%04d.parquet", part, file);
  }

  /** Adds a row. */
  void add(Classified row) throws IOException {
    if (writer == null) {
      file = new MemoryFile();
      writer = new ClassifiedRows.Builder(file, classes, explains).build();
      inFile = 0;
    }
    writer.write(row);
    rows++;
    inFile++;
    if (row.error() != null) {
      unreadable++;
      if (errors.size() < Part.NAMED) {
        errors.add(row.error().substring(0, Math.min(MOST_LETTERS, row.error().length())));
      }
    }
    if (inFile * classes.size() >= MOST_NUMBERS) {
      endFile();
    }
  }

  /** Writes what is left, and says what there is. */
  Part end() throws IOException {
    endFile();
    return new Part(part, files, rows, unreadable, errors);
  }

  private void endFile() throws IOException {
    if (writer != null) {
      writer.close();
      out.write(name(part, files), file.bytes(), Durability.ON_DISK);
      files++;
      writer = null;
    }
  }
}
