package io.involution.layers;

import java.util.List;

/**
 * A layer configuration some of whose parameters are not trained but gathered: the running
 * statistics of a BatchNorm. They are entries of the parameter vector all the same, so that they
 * are saved and averaged with it.
 */
public interface BatchStatistics {
  /** The keys of the layer's parameters that are statistics, in the order of the vector. */
  List<String> statisticKeys();
}
