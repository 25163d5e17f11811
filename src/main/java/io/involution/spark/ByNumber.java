package io.involution.spark;

import org.apache.spark.Partitioner;

/** A partition for each number from 0, such as those of workers. */
public final class ByNumber extends Partitioner {
  private static final long serialVersionUID = 1L;

  private final int partitions;

  /** Partitions for the numbers below one. */
  public ByNumber(int partitions) {
    this.partitions = partitions;
  }

  @Override
  public int numPartitions() {
    return partitions;
  }

  @Override
  public int getPartition(Object number) {
    return (Integer) number;
  }
}
