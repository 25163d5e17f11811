package io.involution.spark;

import io.involution.config.InputException;
import io.involution.data.DataFingerprint;
import io.involution.data.ExampleSource;
import io.involution.data.FileDigest;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/** Looks at every byte of the data on the executors, before anything else happens. */
public final class DataInspection {
  private DataInspection() {}

  /** What looking at one part gave: digests, or the line that says what is wrong with it. */
  private record Finding(List<FileDigest> digests, String fault) implements Serializable {}

  /**
   * Checks the data and names it.
   *
   * @throws InputException naming file, offset and fix
   */
  public static DataFingerprint run(JavaSparkContext context, ExampleSource source) {
    List<String> parts = source.parts();
    if (parts.isEmpty()) {
      return source.fingerprint(List.of());
    }
    Broadcast<SerializableConfiguration> hadoop =
        context.broadcast(new SerializableConfiguration(context.hadoopConfiguration()));
    List<Finding> findings =
        context
            .parallelize(parts, parts.size())
            .map(part -> inspect(source, part, hadoop.value()))
            .collect();
    List<FileDigest> digests = new ArrayList<>();
    for (Finding finding : findings) {
      if (finding.fault() != null) {
        throw new InputException(finding.fault());
      }
      digests.addAll(finding.digests());
    }
    return source.fingerprint(digests);
  }

  /** A fault comes back as a value: as an exception Spark would try the task three times more. */
  private static Finding inspect(
      ExampleSource source, String part, SerializableConfiguration hadoop) {
    try {
      return new Finding(new ArrayList<>(source.inspect(part, hadoop.value())), null);
    } catch (InputException e) {
      return new Finding(new ArrayList<>(), e.getMessage());
    }
  }
}
