package io.involution.layers;

import java.util.Objects;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.deeplearning4j.nn.weights.WeightInitUniform;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Filters {@code [nOut, nIn, K, K]} that start as the identity: filter f of the first {@code
 * min(nOut, nIn)} has a 1 at its center for channel f, and zeros. All others start uniform between
 * ±1/sqrt(nIn K²). So a new layer hands on what it is given, and adds to it (Jordan 2024,
 * "airbench94", after PyTorch's {@code dirac_}).
 */
public final class IdentityStart implements IWeightInit {
  private static final long serialVersionUID = 1L;

  /** The start; it has no settings. */
  public IdentityStart() {}

  @Override
  public INDArray init(double fanIn, double fanOut, long[] shape, char order, INDArray view) {
    if (shape.length != 4 || order != 'c') {
      throw new IllegalArgumentException("an identity start is for filters of images");
    }
    new WeightInitUniform().init(fanIn, fanOut, shape, order, view);
    long taps = shape[2] * shape[3];
    long center = (shape[2] - 1) / 2 * shape[3] + (shape[3] - 1) / 2;
    for (long filter = 0; filter < Math.min(shape[0], shape[1]); filter++) {
      for (long i = 0; i < shape[1] * taps; i++) {
        view.putScalar(filter * shape[1] * taps + i, i == filter * taps + center ? 1 : 0);
      }
    }
    return view.reshape('c', shape);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof IdentityStart;
  }

  @Override
  public int hashCode() {
    return Objects.hash(IdentityStart.class.getName());
  }
}
