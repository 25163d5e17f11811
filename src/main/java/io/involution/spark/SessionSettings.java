package io.involution.spark;

import io.involution.failure.Secrets;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.JavaSerializer;

/** Spark settings that the job needs, and those that serve it better than Spark's own defaults. */
final class SessionSettings {
  private static final String REDACTION = "spark.redaction.regex";
  private static final String SERIALIZER = "spark.serializer";

  private SessionSettings() {}

  /**
   * Adds them. What the user has set stays, apart from what the job cannot run with.
   *
   * @return what to tell of a setting that does not stay
   */
  static Optional<String> addTo(SparkConf conf) {
    // Model states are nearly random float32 numbers: compressing them costs time and saves
    // nothing.
    conf.setIfMissing("spark.broadcast.compress", "false");
    // A task whose executor is busy runs on a free one at once. Spark would wait for three seconds,
    // longer than a round: an executor that joined late would never be used.
    conf.setIfMissing("spark.locality.wait", "0s");
    jars(conf);
    conf.set(REDACTION, redaction(conf));
    // Whoever sees Spark's pages could end the run there.
    conf.setIfMissing("spark.ui.killEnabled", "false");
    // What Spark's pages keep of the past, on the heap even where they are off: 1,000 stages with
    // all their tasks.
    conf.setIfMissing("spark.ui.retainedJobs", "100");
    conf.setIfMissing("spark.ui.retainedStages", "100");
    conf.setIfMissing("spark.ui.retainedTasks", "1000");
    // Spark's own choice, zstd, has nothing but a native library, which it cannot load where the
    // folder for temporary files is mounted noexec; there LZ4 is Java.
    conf.setIfMissing("spark.shuffle.mapStatus.compression.codec", "lz4");
    return serializer(conf);
  }

  /** Leaves out copies of the job jar, of some 140 MB, that nobody reads. */
  private static void jars(SparkConf conf) {
    String master = conf.get("spark.master", "");
    if (ClusterSession.isLocal(master)) {
      // The driver has loaded them, and there are no other JVMs.
      conf.remove("spark.jars");
    } else if (ClusterSession.isOneMachine(master)) {
      // Each of its executors has a cache of its own, and copies the jar from there.
      conf.setIfMissing("spark.files.useFetchCache", "false");
    }
  }

  /** What Spark hides in its pages and its event log: ours, and what the user's own rule hides. */
  private static String redaction(SparkConf conf) {
    return Secrets.SPARK_RULE + (conf.contains(REDACTION) ? "|" + conf.get(REDACTION) : "");
  }

  /** Kryo reads no records, and knows nothing of the forms that our classes give themselves. */
  private static Optional<String> serializer(SparkConf conf) {
    String needed = JavaSerializer.class.getName();
    String set = conf.get(SERIALIZER, needed);
    conf.set(SERIALIZER, needed);
    return set.equals(needed)
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "%s=%s does not count for this application: the job's types need Java's serializer",
                SERIALIZER,
                set));
  }
}
