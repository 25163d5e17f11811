package io.involution.spark.round;

import io.involution.data.ExampleSource;
import io.involution.data.Shard;
import io.involution.data.ShardRange;
import io.involution.data.Subset;
import java.io.Serializable;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Reads shards on an executor.
 *
 * @param source where the examples are
 * @param hadoop the driver's settings of the file systems
 */
record ShardReader(ExampleSource source, Broadcast<SerializableConfiguration> hadoop)
    implements Serializable {

  Shard read(Subset subset, ShardRange range) {
    return source.read(subset, range, hadoop.value().value());
  }
}
