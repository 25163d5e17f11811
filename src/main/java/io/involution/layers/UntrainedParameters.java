package io.involution.layers;

import java.util.List;

/**
 * A layer configuration with parameters that no gradient changes: running statistics, or filters
 * that stay as they are. They are entries of the parameter vector like all others, so that they are
 * saved and averaged with it; but no updater, regularization, constraint or outer step applies to
 * them.
 */
public interface UntrainedParameters {
  /** The keys of these parameters, in the order of the vector; empty if there are none. */
  List<String> untrainedKeys();
}
