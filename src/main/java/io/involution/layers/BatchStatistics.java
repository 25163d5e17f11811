package io.involution.layers;

import java.util.List;

/** A layer configuration whose untrained parameters are the running statistics of a BatchNorm. */
public interface BatchStatistics extends UntrainedParameters {
  /** The keys of the layer's parameters that are statistics, in the order of the vector. */
  List<String> statisticKeys();

  @Override
  default List<String> untrainedKeys() {
    return statisticKeys();
  }
}
