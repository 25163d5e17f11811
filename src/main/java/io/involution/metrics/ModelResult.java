package io.involution.metrics;

import java.util.List;

/**
 * What a run found out about one model: {@code results.MODEL} of run.json.
 *
 * @param testAccuracy share of all test examples classified rightly after the last epoch
 * @param testLoss mean cross-entropy over all test examples after the last epoch, in nats
 * @param trainAccuracy running mean over the last epoch's minibatches; null where unknown
 * @param trainLoss running mean over the last epoch's minibatches; null where unknown
 * @param parameters number of parameters
 * @param parametersSha256 digest of the final parameter vector
 * @param examplesPerSecond training examples over wall time of rounds, without evaluation and
 *     without the first epoch (with it where there is only one)
 * @param seconds wall time of all rounds and evaluations
 * @param epochs number of epochs trained
 * @param bestEpoch epoch of the best validation accuracy, whose model is saved; null without
 *     validation
 * @param validationAccuracy that accuracy; null without validation
 * @param bestEpochTestAccuracy test accuracy of that epoch; null without validation
 */
public record ModelResult(
    double testAccuracy,
    double testLoss,
    Double trainAccuracy,
    Double trainLoss,
    ParameterCounts parameters,
    String parametersSha256,
    double examplesPerSecond,
    double seconds,
    int epochs,
    Integer bestEpoch,
    Double validationAccuracy,
    Double bestEpochTestAccuracy) {

  /**
   * Numbers of parameters.
   *
   * @param trainable those that gradients change
   * @param nonTrainable running statistics
   */
  public record ParameterCounts(int trainable, int nonTrainable) {
    /** All of them. */
    public int total() {
      return trainable + nonTrainable;
    }
  }

  /**
   * Derives the result from the rows of all epochs.
   *
   * @param rows every epoch of the model, in order, at least one
   * @param parameters number of parameters
   * @param sha256 digest of the final parameter vector
   */
  public static ModelResult of(List<EpochRow> rows, ParameterCounts parameters, String sha256) {
    EpochRow last = rows.get(rows.size() - 1);
    EpochRow best = best(rows);
    return new ModelResult(
        last.testAccuracy(),
        last.testLoss(),
        last.trainAccuracy(),
        last.trainLoss(),
        parameters,
        sha256,
        examplesPerSecond(rows),
        rows.stream().mapToDouble(row -> row.roundSeconds() + row.evaluateSeconds()).sum(),
        rows.size(),
        best == null ? null : best.epoch(),
        best == null ? null : best.validationAccuracy(),
        best == null ? null : best.testAccuracy());
  }

  /** The first epoch of the highest validation accuracy, null without validation. */
  private static EpochRow best(List<EpochRow> rows) {
    EpochRow best = null;
    for (EpochRow row : rows) {
      if (row.validationAccuracy() != null
          && (best == null || row.validationAccuracy() > best.validationAccuracy())) {
        best = row;
      }
    }
    return best;
  }

  private static double examplesPerSecond(List<EpochRow> rows) {
    List<EpochRow> warm = rows.size() > 1 ? rows.subList(1, rows.size()) : rows;
    double examples = warm.stream().mapToDouble(EpochRow::examples).sum();
    return examples / warm.stream().mapToDouble(EpochRow::roundSeconds).sum();
  }
}
