package io.involution.layers;

import java.util.List;

/**
 * A layer configuration with parameters that are not trained: the running statistics of a
 * BatchNorm. They are entries of the parameter vector like all others, so that they are saved and
 * averaged with it.
 */
public interface BatchStatistics {
  /** The keys of the layer's parameters that are statistics, in the order of the vector. */
  List<String> statisticKeys();
}
