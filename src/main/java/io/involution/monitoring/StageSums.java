package io.involution.monitoring;

import io.involution.evaluate.Evaluation;
import io.involution.train.WorkerReport;
import io.involution.train.WorkerUpdate;
import java.io.Serializable;
import org.apache.spark.SparkContext;
import org.apache.spark.util.DoubleAccumulator;
import org.apache.spark.util.LongAccumulator;

/**
 * The sums of a round's or an evaluation's stage, per task and in total, as Spark's UI, its event
 * log and the history server show them. They are for display only: their rounding depends on the
 * order in which tasks end. Spark counts a task that ran twice once, unless it ran again because
 * its shuffle output was lost.
 *
 * @param examples number of examples used
 * @param correct how many of them were classified correctly
 * @param lossSum sum of their cross-entropies, in nats
 */
public record StageSums(
    LongAccumulator examples, LongAccumulator correct, DoubleAccumulator lossSum)
    implements Serializable {

  /** Creates the sums of one stage. */
  public static StageSums of(SparkContext spark) {
    return new StageSums(
        spark.longAccumulator("examples"),
        spark.longAccumulator("correct"),
        spark.doubleAccumulator("loss sum"));
  }

  /** Adds a worker's round, in its task. */
  public WorkerUpdate count(WorkerUpdate update) {
    for (WorkerReport report : update.reports()) {
      examples.add(report.examples());
      correct.add(report.correct());
      lossSum.add(report.lossSum());
    }
    return update;
  }

  /** Adds a part of an evaluation, in its task. */
  public Evaluation count(Evaluation evaluation) {
    examples.add(evaluation.examples());
    correct.add(evaluation.correct());
    lossSum.add(evaluation.lossSum());
    return evaluation;
  }
}
