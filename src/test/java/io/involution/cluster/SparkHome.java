package io.involution.cluster;

import io.involution.spark.SparkVersion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A Spark home of some version, put together by {@code submit/spark-home}. */
record SparkHome(Path folder) {
  /** The oldest that the job runs on. */
  static SparkHome oldest(Path log) throws InterruptedException {
    return of(log, SparkVersion.OLDEST.toString());
  }

  /**
   * Puts it together, or finds it.
   *
   * @param log where the script's words go
   * @param version a version of Spark, and what else the script is to be told
   */
  static SparkHome of(Path log, String version, String... options) throws InterruptedException {
    List<String> command = new ArrayList<>(List.of("submit/spark-home"));
    command.add("-Dspark.version=" + version);
    command.addAll(List.of(options));
    try (JobProcess script = JobProcess.start(log, command)) {
      if (script.await() != 0) {
        throw new AssertionError(script.err());
      }
      return new SparkHome(Path.of(script.out().strip()));
    }
  }

  /** The environment in which {@code submit/} uses it. */
  Map<String, String> environment() {
    return Map.of("SPARK_HOME", folder.toString());
  }
}
