package io.involution.optimizer;

import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.GradientUpdater;

/**
 * {@link Muon} at work on adjacent matrices of a network's parameter vector. DL4J hands over flat
 * gradients, so whoever builds the network says what shapes they have.
 */
public final class MuonUpdater implements GradientUpdater<Muon> {
  private static final String VELOCITY = "V";

  private final Muon config;
  private final Orthogonalization orthogonalization = Orthogonalization.onThisDevice();
  private List<MatrixShape> shapes = List.of();
  private INDArray velocity;

  MuonUpdater(Muon config) {
    this.config = config;
  }

  /**
   * Says what is in the gradients.
   *
   * @param matrices the shapes of the matrices, in the order of the vector
   * @throws IllegalArgumentException if they are not as long as the state
   */
  public void matrices(List<MatrixShape> matrices) {
    long length = matrices.stream().mapToLong(MatrixShape::length).sum();
    if (length != velocity.length()) {
      throw new IllegalArgumentException(
          matrices + " of " + length + " entries for a state of " + velocity.length());
    }
    shapes = List.copyOf(matrices);
  }

  @Override
  public Muon getConfig() {
    return config;
  }

  @Override
  public void setState(Map<String, INDArray> state, boolean initialize) {
    setStateViewArray(state.get(VELOCITY), null, 'c', initialize);
  }

  @Override
  public Map<String, INDArray> getState() {
    return Map.of(VELOCITY, velocity);
  }

  @Override
  public void setStateViewArray(INDArray view, long[] shape, char order, boolean initialize) {
    if (initialize) {
      view.assign(0);
    }
    velocity = view;
  }

  /**
   * Replaces a gradient by what the step subtracts from the parameters.
   *
   * @throws IllegalStateException if nobody has said what shapes the matrices have
   */
  @Override
  public void applyUpdater(INDArray gradient, int iteration, int epoch) {
    if (shapes.isEmpty() && gradient.length() > 0) {
      throw new IllegalStateException(
          "Muon does not know the shapes of its matrices: train the network with this job, or set"
              + " another updater");
    }
    double rate = config.getLearningRate(iteration, epoch);
    FlatFloats gradients = new FlatFloats(gradient);
    FlatFloats velocities = new FlatFloats(velocity);
    int at = 0;
    for (MatrixShape shape : shapes) {
      float[] direction = direction(gradients, velocities, at, shape.length());
      orthogonalization.apply(shape, direction);
      float scale = (float) (rate * shape.scale());
      for (int i = 0; i < direction.length; i++) {
        direction[i] *= scale;
      }
      gradients.put(at, direction);
      at += shape.length();
    }
  }

  /** Moves V, and computes G + mu V. */
  private float[] direction(FlatFloats gradients, FlatFloats velocities, int at, int length) {
    float momentum = (float) config.momentum();
    float[] direction = gradients.get(at, length);
    float[] moving = velocities.get(at, length);
    for (int i = 0; i < length; i++) {
      moving[i] = momentum * moving[i] + direction[i];
      direction[i] += momentum * moving[i];
    }
    velocities.put(at, moving);
    return direction;
  }
}
