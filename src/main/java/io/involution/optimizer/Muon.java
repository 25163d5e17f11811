package io.involution.optimizer;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonInclude;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Muon (K. Jordan, Y. Jin, V. Boza, J. You, F. Cesista, L. Newhouse and J. Bernstein, "Muon: An
 * optimizer for hidden layers in neural networks", 2024): the update of a matrix W is its Nesterov
 * momentum, made nearly orthogonal. With gradient G, momentum mu and step size g,
 *
 * <pre>
 * V' = mu V + G
 * W' = W - g sqrt(max(1, rows / columns)) orthogonal(G + mu V')
 * </pre>
 *
 * <p>where orthogonal is {@link Orthogonalization} by five Newton-Schulz steps. A filter [out, in,
 * k, k] is the matrix [out, in k k], and a dense layer's weights are [out, in]. The updater is for
 * matrices only: the other parameters of a layer, such as biases, have its bias updater. It learns
 * the shapes from the network that it trains, see {@link MuonUpdater}.
 *
 * <p>A saved model's configuration names this class and its fields.
 */
public final class Muon implements IUpdater {
  private static final long serialVersionUID = 1L;

  private final double momentum;
  private double learningRate;
  private ISchedule learningRateSchedule;

  /**
   * An updater.
   *
   * @param learningRate the step size g, unless there is a schedule
   * @param learningRateSchedule the step size by local step; null for none
   * @param momentum mu, from 0 to less than 1
   * @throws IllegalArgumentException if the momentum is another
   */
  public Muon(
      @JsonProperty("learningRate") double learningRate,
      @JsonProperty("learningRateSchedule") ISchedule learningRateSchedule,
      @JsonProperty("momentum") double momentum) {
    if (!(momentum >= 0 && momentum < 1)) {
      throw new IllegalArgumentException("a momentum of " + momentum + ": use 0 to less than 1");
    }
    this.learningRate = learningRate;
    this.learningRateSchedule = learningRateSchedule;
    this.momentum = momentum;
  }

  /** The step size, unless there is a schedule. */
  @JsonProperty("learningRate")
  public double learningRate() {
    return learningRate;
  }

  /** The step size by local step; null for none. */
  @JsonProperty("learningRateSchedule")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public ISchedule learningRateSchedule() {
    return learningRateSchedule;
  }

  /** The momentum mu. */
  @JsonProperty("momentum")
  public double momentum() {
    return momentum;
  }

  /** As many entries as parameters: V. */
  @Override
  public long stateSize(long parameters) {
    return parameters;
  }

  @Override
  public GradientUpdater<Muon> instantiate(INDArray state, boolean initialize) {
    MuonUpdater updater = new MuonUpdater(this);
    updater.setStateViewArray(state, state.shape(), state.ordering(), initialize);
    return updater;
  }

  @Override
  public GradientUpdater<Muon> instantiate(Map<String, INDArray> state, boolean initialize) {
    MuonUpdater updater = new MuonUpdater(this);
    updater.setState(state, initialize);
    return updater;
  }

  @Override
  public double getLearningRate(int iteration, int epoch) {
    return learningRateSchedule == null
        ? learningRate
        : learningRateSchedule.valueAt(iteration, epoch);
  }

  @Override
  public boolean hasLearningRate() {
    return true;
  }

  @Override
  public void setLrAndSchedule(double rate, ISchedule schedule) {
    learningRate = rate;
    learningRateSchedule = schedule;
  }

  @Override
  @SuppressWarnings("MethodDoesntCallSuperMethod")
  public Muon clone() {
    return new Muon(learningRate, learningRateSchedule, momentum);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Muon that
        && Double.compare(learningRate, that.learningRate) == 0
        && Double.compare(momentum, that.momentum) == 0
        && Objects.equals(learningRateSchedule, that.learningRateSchedule);
  }

  @Override
  public int hashCode() {
    return Objects.hash(learningRate, learningRateSchedule, momentum);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "Muon(learningRate=%s, learningRateSchedule=%s, momentum=%s)",
        learningRate,
        learningRateSchedule,
        momentum);
  }
}
