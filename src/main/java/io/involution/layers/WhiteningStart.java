package io.involution.layers;

import java.util.Locale;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Filters {@code [nOut, nIn, K, K]} of a network's first layer that whiten the patches of its
 * images (Jordan 2024, "airbench94"): the eigenvectors of the patches' covariance, those of the
 * largest eigenvalues first, each divided by {@code sqrt(eigenvalue + epsilon)}, and then the
 * negatives of them all. A training measures the covariance of its training images, as the network
 * takes them, and puts the filters into its first state. A network that is built without images has
 * those of white noise: one pixel in each filter.
 */
public final class WhiteningStart implements IWeightInit {
  private static final long serialVersionUID = 1L;

  private final double epsilon;

  /**
   * A start of filters.
   *
   * @param epsilon what is added to the eigenvalues, above 0; 5e-4 in airbench94
   */
  public WhiteningStart(@JsonProperty("epsilon") double epsilon) {
    if (!(epsilon > 0 && Double.isFinite(epsilon))) {
      throw new IllegalArgumentException("a whitening's epsilon of " + epsilon + ": use 5e-4");
    }
    this.epsilon = epsilon;
  }

  /** What is added to the eigenvalues. */
  public double getEpsilon() {
    return epsilon;
  }

  @Override
  public INDArray init(double fanIn, double fanOut, long[] shape, char order, INDArray view) {
    if (shape.length != 4 || order != 'c') {
      throw new IllegalArgumentException("a whitening start is for filters of images");
    }
    int pixels = Math.toIntExact(shape[1] * shape[2] * shape[3]);
    int vectors = vectors(shape[0], pixels);
    INDArray filters = view.reshape('c', shape[0], pixels);
    filters.assign(0);
    for (int vector = 0; vector < vectors; vector++) {
      double value = 1 / Math.sqrt(1 + epsilon);
      filters.putScalar(vector, vector, value);
      filters.putScalar(vectors + vector, vector, -value);
    }
    return view.reshape('c', shape);
  }

  /**
   * How many eigenvectors a layer takes.
   *
   * @param filters number of its filters, two for each vector
   * @param pixels of a patch, in all channels
   * @throws IllegalArgumentException if there are not so many
   */
  public static int vectors(long filters, int pixels) {
    if (filters % 2 != 0 || filters > 2L * pixels) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%d filters that whiten patches of %d pixels: use an even number up to %d",
              filters,
              pixels,
              2 * pixels));
    }
    return (int) (filters / 2);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof WhiteningStart that && epsilon == that.epsilon;
  }

  @Override
  public int hashCode() {
    return Double.hashCode(epsilon);
  }
}
