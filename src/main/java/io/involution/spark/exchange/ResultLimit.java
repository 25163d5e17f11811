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

  /** A worker's report within a list of them. */
  private static final long REPORT = 512;

  /** A block of Spark's shuffle and a task's result are less than 2 GiB; so are their copies. */
  private static final long MOST_SLICE_BYTES = 256L << 20;

  /** The limit that Spark's settings set. */
  static ResultLimit of(SparkConf conf) {
    return new ResultLimit(conf.getSizeAsBytes(SETTING, "1g"));
  }

  /**
   * What a round's results come to where every worker sends its update.
   *
   * @param workers number of workers
   * @param bytesPerUpdate bytes of an update's arrays
   */
  static long collected(int workers, long bytesPerUpdate) {
    return Math.multiplyExact(workers, Math.addExact(bytesPerUpdate, ROOM));
  }

  /** Whether results of so many bytes may come in one job. */
  boolean allows(long resultBytes) {
    return bytes == 0 || resultBytes <= bytes;
  }

  /**
   * How many slices to cut a model into: one a worker, unless a slice would then be too large.
   *
   * @param workers number of workers
   * @param modelBytes bytes of the model state's arrays
   */
  int slices(int workers, long modelBytes) {
    long largest = Math.min(MOST_SLICE_BYTES, Math.max(safe() / 2, ROOM));
    return (int) Math.max(workers, (modelBytes + largest - 1) / largest);
  }

  /**
   * How many slices the driver may take in one job; at least one.
   *
   * @param workers number of workers
   * @param modelBytes bytes of the model state's arrays
   */
  int slicesInOneJob(int workers, long modelBytes) {
    int slices = slices(workers, modelBytes);
    long each = modelBytes / slices + ROOM + REPORT * workers;
    return (int) Math.max(1, Math.min(slices, safe() / each));
  }

  /** Half of it: a result's size is only known when it is there. */
  private long safe() {
    return bytes == 0 ? Long.MAX_VALUE : bytes / 2;
  }
}
