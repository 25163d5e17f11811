package io.involution.spark;

import io.involution.failure.InputException;
import io.involution.failure.Places;
import io.involution.failure.RunFailedException;
import io.involution.failure.Shortage;
import io.involution.files.WriteProbe;
import java.io.File;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkConf;

/**
 * The driver's folders for Spark's temporary files: copies of jars, blocks that do not fit into
 * memory, shuffles.
 *
 * @param folders as spark.local.dir or the cluster names them
 */
record LocalFolders(List<String> folders) {
  /** Copies the list. */
  LocalFolders {
    folders = List.copyOf(folders);
  }

  /** The folders that the driver will use. */
  static LocalFolders of(SparkConf conf) {
    return new LocalFolders(configured(conf, System.getenv()));
  }

  /** As Spark finds them; its own method has another signature in Spark 3.5. */
  static List<String> configured(SparkConf conf, Map<String, String> environment) {
    String temporary = conf.get("spark.local.dir", System.getProperty("java.io.tmpdir"));
    String named = environment.getOrDefault("SPARK_LOCAL_DIRS", temporary);
    String separator = ",";
    if (environment.containsKey("CONTAINER_ID")) { // YARN's
      named = environment.getOrDefault("LOCAL_DIRS", "");
    } else if (environment.containsKey("SPARK_EXECUTOR_DIRS")) {
      named = environment.get("SPARK_EXECUTOR_DIRS");
      separator = File.pathSeparator;
    }
    return Arrays.stream(named.split(separator, -1)).filter(folder -> !folder.isEmpty()).toList();
  }

  /**
   * Checks that there is one where files can be written: without any, Spark would end the process
   * and say nothing but a number.
   *
   * @throws InputException if none can be used
   * @throws RunFailedException if their disk is full
   */
  void check() {
    Optional<IOException> fault = Optional.empty();
    for (String folder : folders) {
      fault = WriteProbe.ofLocal(folder);
      if (fault.isEmpty()) {
        return;
      }
    }
    if (fault.isPresent() && Shortage.of(fault.get()).isPresent()) {
      throw new RunFailedException("Spark does not start: " + problem(fault.get()), fault.get());
    }
    if (fault.isPresent()) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "Spark cannot use its folder for temporary files, %s (%s): set another one with"
                  + " --conf spark.local.dir=FOLDER",
              shown(),
              Places.reason(fault.get())),
          fault.get());
    }
  }

  /** A shortage at the start; a full disk is most likely the one of these folders. */
  String problem(Throwable failure) {
    return Shortage.of(failure).orElseThrow() == Shortage.DISK
        ? String.format(
            Locale.ROOT,
            "no space is left in its folder for temporary files, %s (%s), which holds a copy of the"
                + " job jar too: make room, or set another one with --conf spark.local.dir=FOLDER",
            shown(),
            Places.reason(failure))
        : Shortage.line(failure).orElseThrow();
  }

  private String shown() {
    return Places.shown(String.join(", ", folders));
  }
}
