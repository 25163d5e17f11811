package io.involution.train.outer;

import io.involution.model.state.ModelState;
import io.involution.model.state.ParameterBlock;
import io.involution.model.state.ParameterLayout;
import java.io.Serializable;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * Running statistics that DL4J's BatchNormalization keeps as the decimal logarithm of a standard
 * deviation. A mean of logarithms is a geometric mean, which one worker with a small variance drags
 * down: so workers send the variances, and the driver turns their mean into logarithms again.
 *
 * @param ranges where they are in the parameter vector; empty if there are none
 */
public record LogDeviations(List<Range> ranges) implements Serializable {
  /** Nothing to convert: another network, or a single worker, whose own bits are the mean. */
  public static final LogDeviations NONE = new LogDeviations(List.of());

  /**
   * Some entries of the parameter vector.
   *
   * @param from the first one
   * @param to after the last one
   */
  public record Range(int from, int to) implements Serializable {}

  /** Those that a round converts: none with a single worker. */
  public static LogDeviations of(ParameterLayout layout, int workers) {
    return workers == 1 ? NONE : of(layout);
  }

  /** All those of a network. */
  public static LogDeviations of(ParameterLayout layout) {
    return new LogDeviations(
        layout.blocks().stream()
            .filter(ParameterBlock::isLogDeviation)
            .map(block -> new Range(block.offset(), block.end()))
            .toList());
  }

  /** On the worker: a model with variances. */
  public ModelState variances(ModelState model) {
    return ranges.isEmpty() ? model : with(model, log -> StrictMath.pow(10, 2 * log));
  }

  /** On the driver: the mean of such models with logarithms. */
  public ModelState logarithms(ModelState mean) {
    return ranges.isEmpty()
        ? mean
        // A variance of 0 has no logarithm.
        : with(mean, variance -> StrictMath.log10(Math.max(variance, Float.MIN_NORMAL)) / 2);
  }

  private ModelState with(ModelState state, DoubleUnaryOperator conversion) {
    float[] parameters = state.parameters().clone();
    for (Range range : ranges) {
      for (int i = range.from(); i < range.to(); i++) {
        parameters[i] = (float) conversion.applyAsDouble(parameters[i]);
      }
    }
    return state.with(ModelState.PARAMETERS, parameters);
  }
}
