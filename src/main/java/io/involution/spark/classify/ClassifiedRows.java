package io.involution.spark.classify;

import io.involution.evaluate.Evaluator;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** Rows of the output as Parquet, without objects in between. */
final class ClassifiedRows extends WriteSupport<Classified> {
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

  /** Columns whose values hardly ever repeat. */
  private static final List<String> WITHOUT_DICTIONARY =
      List.of("key", "probabilities.list.element");

  private final MessageType schema;
  private final Binary[] classes;
  private final boolean explains;
  private RecordConsumer to;

  private ClassifiedRows(List<String> classes, boolean explains) {
    this.classes = classes.stream().map(Binary::fromString).toArray(Binary[]::new);
    this.explains = explains;
    this.schema =
        MessageTypeParser.parseMessageType(
            "message classified {" + COLUMNS + (explains ? KERNELS : "") + "}");
  }

  /** Makes writers. */
  static final class Builder extends ParquetWriter.Builder<Classified, Builder> {
    private final ClassifiedRows rows;

    /**
     * A file to write.
     *
     * @param classes names of the classes
     * @param explains whether there are kernels
     */
    Builder(OutputFile file, List<String> classes, boolean explains) {
      super(file);
      rows = new ClassifiedRows(classes, explains);
      // Reading Hadoop's files of settings takes longer than many a file of rows.
      withConf(new Configuration(false));
      withCompressionCodec(CompressionCodecName.UNCOMPRESSED);
      WITHOUT_DICTIONARY.forEach(column -> withDictionaryEncoding(column, false));
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    @SuppressWarnings("deprecation") // Spark 3.5 has no other
    protected WriteSupport<Classified> getWriteSupport(Configuration unused) {
      return rows;
    }
  }

  @Override
  @SuppressWarnings("deprecation") // Spark 3.5 has no other
  public WriteContext init(Configuration unused) {
    return new WriteContext(schema, Map.of());
  }

  @Override
  public void prepareForWrite(RecordConsumer consumer) {
    to = consumer;
  }

  @Override
  public void write(Classified row) {
    to.startMessage();
    field("key", 0, () -> to.addBinary(Binary.fromString(row.key())));
    if (row.error() == null) {
      int label = Evaluator.argMax(row.probabilities());
      field("label", 1, () -> to.addInteger(label));
      field("class", 2, () -> to.addBinary(classes[label]));
      field("probabilities", 3, () -> probabilities(row.probabilities()));
    } else {
      field("error", 4, () -> to.addBinary(Binary.fromString(row.error())));
    }
    if (explains && row.error() == null) {
      field("kernels", 5, () -> kernels(row.kernels()));
    }
    to.endMessage();
  }

  private void field(String name, int place, Runnable value) {
    to.startField(name, place);
    value.run();
    to.endField(name, place);
  }

  private void probabilities(float[] probabilities) {
    to.startGroup();
    to.startField("list", 0);
    for (float probability : probabilities) {
      to.startGroup();
      to.startField("element", 0);
      to.addFloat(probability);
      to.endField("element", 0);
      to.endGroup();
    }
    to.endField("list", 0);
    to.endGroup();
  }

  private void kernels(List<KernelStatistics> kernels) {
    to.startGroup();
    if (!kernels.isEmpty()) {
      field("list", 0, () -> kernels.forEach(this::kernel));
    }
    to.endGroup();
  }

  private void kernel(KernelStatistics kernel) {
    to.startGroup();
    to.startField("element", 0);
    to.startGroup();
    field("layer", 0, () -> to.addBinary(Binary.fromString(kernel.layer())));
    field("mean", 1, () -> to.addFloat(kernel.mean()));
    field("deviation", 2, () -> to.addFloat(kernel.deviation()));
    field("least", 3, () -> to.addFloat(kernel.least()));
    field("most", 4, () -> to.addFloat(kernel.most()));
    field("row", 5, () -> to.addInteger(kernel.row()));
    field("column", 6, () -> to.addInteger(kernel.column()));
    to.endGroup();
    to.endField("element", 0);
    to.endGroup();
  }
}
