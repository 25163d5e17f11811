package io.involution.spark;

import io.involution.data.DataFingerprint;
import io.involution.data.ExampleSource;
import io.involution.data.FileDigest;
import io.involution.failure.InputException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/** Reads every byte of the data on the executors before training starts. */
public final class DataInspection {
  private DataInspection() {}

  /**
   * Checks the data and identifies it.
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
    context.setJobDescription("checking the data");
    JavaRDD<TaskAnswer<List<FileDigest>>> answers =
        context.parallelize(parts, parts.size()).map(part -> inspect(source, part, hadoop.value()));
    TaskProfiles.of(context, false).switchToReading(answers);
    List<FileDigest> digests = new ArrayList<>();
    TaskAnswer.values(answers.collect()).forEach(digests::addAll);
    return source.fingerprint(digests);
  }

  private static TaskAnswer<List<FileDigest>> inspect(
      ExampleSource source, String part, SerializableConfiguration hadoop) {
    return TaskAnswer.of(() -> List.copyOf(source.inspect(part, hadoop.value())));
  }
}
