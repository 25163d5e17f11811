package io.involution.metrics;

import io.involution.metrics.ModelResult.ParameterCounts;

/** A network's result with plain figures, for tests that look at other things. */
public final class ResultFixture {
  private ResultFixture() {}

  /** A result after one epoch. */
  public static ModelResult afterOneEpoch() {
    return new ModelResult(
        0.5,
        1,
        0.5,
        1.0,
        new ParameterCounts(1, 0),
        "ab",
        1.0,
        1.0,
        1,
        null,
        null,
        null,
        "epochs",
        null,
        null,
        null,
        null);
  }
}
