package io.involution.spark.examples;

import io.involution.data.DataFingerprint;
import io.involution.data.DataSchema;
import io.involution.data.ExampleSource;
import io.involution.data.FileDigest;
import io.involution.data.Shard;
import io.involution.data.ShardRange;
import io.involution.data.Subset;
import io.involution.spark.ByNumber;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import scala.Tuple2;

/**
 * Examples that are spread over the executors, decoded and kept on their disks. The driver knows
 * counts and digests only; it lives there and is never sent anywhere.
 */
public final class ClusterExamples implements ExampleSource {
  private static final long serialVersionUID = 1L;

  private final transient JavaRDD<Example> examples;
  private final DataSchema schema;
  private final DataFingerprint fingerprint;
  private final transient Map<Subset, ExampleOrder> orders = new EnumMap<>(Subset.class);
  private final transient Map<List<Object>, Shard> known = new HashMap<>();

  /** Wraps examples that have been inspected. */
  ClusterExamples(JavaRDD<Example> examples, DataSchema schema, DataFingerprint fingerprint) {
    this.examples = examples;
    this.schema = schema;
    this.fingerprint = fingerprint;
  }

  private void writeObject(ObjectOutputStream out) throws NotSerializableException {
    throw new NotSerializableException(ClusterExamples.class.getName());
  }

  @Override
  public String location() {
    return fingerprint.location();
  }

  @Override
  public int size(Subset subset) {
    return subset == Subset.TRAIN ? fingerprint.trainExamples() : fingerprint.testExamples();
  }

  @Override
  public DataSchema schema() {
    return schema;
  }

  @Override
  public List<String> parts() {
    return List.of();
  }

  @Override
  public List<FileDigest> inspect(String part, Configuration hadoop) {
    throw new IllegalArgumentException("there is no part " + part);
  }

  @Override
  public DataFingerprint fingerprint(List<FileDigest> digests) {
    return fingerprint;
  }

  /** Reads a few examples on the driver, by a job of the cluster. */
  @Override
  public synchronized Shard read(Subset subset, ShardRange range, Configuration hadoop) {
    range.requireWithin(this, subset);
    return known.computeIfAbsent(
        List.of(subset, range), key -> shards(subset, List.of(range)).collect().get(0));
  }

  /**
   * The shards of ranges, one in each partition, which the executors assemble when they are used.
   *
   * @param ranges in order, without overlap
   * @throws io.involution.failure.InputException if a shard would be too large
   */
  public synchronized JavaRDD<Shard> shards(Subset subset, List<ShardRange> ranges) {
    ShardAssembly assembly = new ShardAssembly(schema);
    ranges.forEach(range -> assembly.requireRoom(range.size()));
    JavaRDD<Example> own = examples.filter(example -> example.isIn(subset));
    ExampleOrder order =
        orders.computeIfAbsent(subset, any -> new ExampleOrder(own.map(Example::key)));
    ShardRouting routing = order.routing(ranges);
    return own.flatMapToPair(
            example ->
                routing.shards(example.key()).stream()
                    .map(shard -> new Tuple2<>(shard, example))
                    .iterator())
        .partitionBy(new ByNumber(ranges.size()))
        .mapPartitionsWithIndex((shard, sent) -> assembly.build(routing.part(shard), sent), true);
  }
}
