package io.involution.spark.classify;

import io.involution.evaluate.Evaluator;
import io.involution.files.Durability;
import io.involution.files.FolderFiles;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/**
 * Writes a partition's rows as Parquet files of a bounded size. The same rows give files of the
 * same names, so that a partition that is computed again replaces what it wrote before.
 */
final class PartWriter {
  /** Most probabilities in a file: its bytes are kept in memory until it is full. */
  private static final int MOST_NUMBERS = 1 << 21;

  private static final String COLUMNS =
      """
      required binary key (STRING);
      optional int32 label;
      optional binary class (STRING);
      optional group probabilities (LIST) { repeated group list { required float element; } }
      optional binary error (STRING);
      """;

  private static final String KERNELS =
      """
      optional group kernels (LIST) { repeated group list { required group element {
        required binary layer (STRING); required float mean; required float deviation;
        required float least; required float most; required int32 row; required int32 column; } } }
      """;

  private final FolderFiles out;
  private final int part;
  private final List<String> classes;
  private final boolean explains;
  private final MessageType schema;
  private MemoryFile file;
  private ParquetWriter<Group> writer;
  private long rows;
  private long inFile;
  private long unreadable;
  private int files;

  PartWriter(FolderFiles out, int part, List<String> classes, boolean explains) {
    this.out = out;
    this.part = part;
    this.classes = classes;
    this.explains = explains;
    this.schema =
        MessageTypeParser.parseMessageType(
            "message classified {" + COLUMNS + (explains ? KERNELS : "") + "}");
  }

  /** The name of one of a partition's files. */
  static String name(int part, int file) {
    return String.format(Locale.ROOT, "part-%05d-%04d.parquet", part, file);
  }

  /** Adds a row. */
  void add(Classified row) throws IOException {
    if (writer == null) {
      file = new MemoryFile();
      writer =
          ExampleParquetWriter.builder(file)
              .withType(schema)
              .withCompressionCodec(CompressionCodecName.UNCOMPRESSED)
              .build();
      inFile = 0;
    }
    writer.write(group(row));
    rows++;
    inFile++;
    unreadable += row.error() == null ? 0 : 1;
    if (inFile * classes.size() >= MOST_NUMBERS) {
      endFile();
    }
  }

  /** Writes what is left, and says what there is. */
  Part end() throws IOException {
    endFile();
    return new Part(part, files, rows, unreadable);
  }

  private void endFile() throws IOException {
    if (writer != null) {
      writer.close();
      out.write(name(part, files), file.bytes(), Durability.ON_DISK);
      files++;
      writer = null;
    }
  }

  private Group group(Classified row) {
    Group group = new SimpleGroup(schema);
    group.add("key", row.key());
    if (row.error() != null) {
      group.add("error", row.error());
      return group;
    }
    int label = Evaluator.argMax(row.probabilities());
    group.add("label", label);
    group.add("class", classes.get(label));
    Group list = group.addGroup("probabilities");
    for (float probability : row.probabilities()) {
      list.addGroup("list").append("element", probability);
    }
    if (explains) {
      Group kernels = group.addGroup("kernels");
      row.kernels().forEach(statistics -> add(kernels, statistics));
    }
    return group;
  }

  private static void add(Group kernels, KernelStatistics statistics) {
    kernels
        .addGroup("list")
        .addGroup("element")
        .append("layer", statistics.layer())
        .append("mean", statistics.mean())
        .append("deviation", statistics.deviation())
        .append("least", statistics.least())
        .append("most", statistics.most())
        .append("row", statistics.row())
        .append("column", statistics.column());
  }
}
