package io.involution.train;

import io.involution.evaluate.Evaluation;
import io.involution.model.state.ModelState;
import io.involution.train.average.WeightedMean;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Outcomes of rounds and epochs with figures that tests can check by hand. */
public final class RoundFixture {
  private RoundFixture() {}

  /** A worker's report: loss 2 nats an example, half of the examples right. */
  public static WorkerReport report(int worker, int examples) {
    return new WorkerReport(
        worker,
        examples,
        2.0 * examples,
        examples / 2,
        new WorkerSeconds(0.25, 0.5, 4, 1),
        new Place("host" + worker, "exec" + worker, "cpu", worker));
  }

  /** The mean of updates in worker order. */
  public static ModelState mean(List<WorkerUpdate> updates) {
    WeightedMean mean = WeightedMean.onAllCores();
    updates.forEach(
        update ->
            mean.add(
                List.of(new WeightedMean.Weighted(update.report().examples(), update.state()))));
    return mean.value();
  }

  /** A round of workers with so many examples, which took 10 seconds. */
  public static RoundOutcome outcome(int... examples) {
    List<WorkerReport> reports = new ArrayList<>();
    for (int worker = 0; worker < examples.length; worker++) {
      reports.add(report(worker, examples[worker]));
    }
    return new RoundOutcome(reports, new RoundSeconds(1, 8, 1), 100, 200);
  }

  /** A state of three numbers. */
  public static ModelState state(long steps, float... parameters) {
    return ModelState.of(steps, parameters, new float[] {0.5f});
  }

  /** An evaluation of 10 examples of label 0, so many of them right, at a loss of 1 nat each. */
  public static Evaluation evaluation(int correct) {
    long[][] confusion = new long[10][10];
    confusion[0][0] = correct;
    confusion[0][1] = 10L - correct;
    return new Evaluation(10, confusion);
  }

  /** An epoch of 100 examples in 20 + 5 seconds, with so many of 10 test examples right. */
  public static EpochOutcome epoch(int epoch, int testCorrect, Optional<Integer> validation) {
    return new EpochOutcome(
        epoch,
        Optional.of(new EpochOutcome.TrainingSums(150, 60)),
        100,
        Optional.of(evaluation(testCorrect)),
        validation.map(RoundFixture::evaluation),
        state(epoch, epoch, -epoch, 0.25f),
        20,
        5);
  }
}
