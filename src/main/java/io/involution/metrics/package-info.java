/** The rows of a run's metrics and results, and the files that hold them. */
package io.involution.metrics;
