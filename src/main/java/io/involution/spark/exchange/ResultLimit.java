package io.involution.spark.exchange;

import org.apache.spark.SparkConf;

/**
 * The total size of task results that Spark accepts in one job; a job that exceeds it is aborted.
 *
 * @param bytes the limit; 0 means no limit
 */
record ResultLimit(long bytes) {
  /** Spark's setting. */
  static final String SETTING = "spark.driver.maxResultSize";

  /** What Spark adds to a result (task metrics and accumulators), and the worker's report. */
  private static final long ROOM = 16 * 1024;

  /** Size of one worker's report in a list of reports. */
  private static final long REPORT = 512;

  /**
   * Far below the 2 GiB that Spark allows for a shuffle block, a task result, and copies of them.
   */
  private static final long MOST_SLICE_BYTES = 256L << 20;

  /** The limit that Spark's settings set. */
  static ResultLimit of(SparkConf conf) {
    return new ResultLimit(conf.getSizeAsBytes(SETTING, "1g"));
  }

  /**
   * Total size of a round's results if every worker sends its update.
   *
   * @param workers number of workers
   * @param bytesPerUpdate size of an update's arrays in bytes
   */
  static long collected(int workers, long bytesPerUpdate) {
    return Math.multiplyExact(workers, Math.addExact(bytesPerUpdate, ROOM));
  }

  /** Whether one job may have results of this total size in bytes. */
  boolean allows(long resultBytes) {
    return bytes == 0 || resultBytes <= bytes;
  }

  /**
   * The number of slices of a model: one per worker, or more if a slice would be too large.
   *
   * @param workers number of workers
   * @param modelBytes size of the model state's arrays in bytes
   */
  int slices(int workers, long modelBytes) {
    long largest = Math.min(MOST_SLICE_BYTES, Math.max(safe() / 2, ROOM));
    return (int) Math.max(workers, (modelBytes + largest - 1) / largest);
  }

  /**
   * The number of slices that the driver can take in one job; at least one.
   *
   * @param workers number of workers
   * @param modelBytes size of the model state's arrays in bytes
   */
  int slicesInOneJob(int workers, long modelBytes) {
    int slices = slices(workers, modelBytes);
    long each = modelBytes / slices + ROOM + REPORT * workers;
    return (int) Math.max(1, Math.min(slices, safe() / each));
  }

  /** Half the limit: the size of a result is known only after it has arrived. */
  private long safe() {
    return bytes == 0 ? Long.MAX_VALUE : bytes / 2;
  }
}
