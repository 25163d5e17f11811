package io.involution.train;

import io.involution.config.training.EvaluationOptions.TestTime;
import io.involution.data.Shard;
import io.involution.evaluate.Evaluation;
import io.involution.evaluate.ViewMean;
import io.involution.model.network.NativeMemory;
import io.involution.model.state.ModelState;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;

/**
 * The worker's side of training: one engine, kept from round to round. Its results are a pure
 * function of the arguments; keeping the engine only saves the time to build it. For use by one
 * thread, except {@link #cancel()}.
 */
public final class LocalTrainer implements AutoCloseable {
  private final StepEngine engine;
  private volatile boolean cancelled;

  /** The order of the last round's epoch; null before the first round. */
  private LocalSteps.Epoch epoch;

  /**
   * A worker's trainer.
   *
   * @param engine what takes the steps; closed with this
   */
  public LocalTrainer(StepEngine engine) {
    this.engine = engine;
  }

  /** The network's current state: right after construction, its initial weights. */
  public ModelState state() {
    return engine.capture();
  }

  /** Stops a running {@link #run} after its current local step; called by another thread. */
  public void cancel() {
    cancelled = true;
  }

  /**
   * Takes the local steps of a round, as {@link #run(List, ModelState, Shard, Place, double)} does.
   */
  public WorkerUpdate run(
      Assignment assignment, ModelState start, Shard shard, Place place, double receiveSeconds) {
    return run(List.of(assignment), start, shard, place, receiveSeconds);
  }

  /**
   * Takes the local steps of a round, or of several, each from where the one before it ended. If a
   * loss becomes NaN or infinite, so does the loss sum; all steps are still taken, so that the
   * workers' step counts agree.
   *
   * @param assignments which worker and steps, for each round
   * @param start model state at the round's start; not changed
   * @param shard the worker's examples
   * @param place where this runs, for the report
   * @param receiveSeconds time it took to fetch the model state and the shard, for the report
   * @throws CancellationException after {@link #cancel()}
   */
  public WorkerUpdate run(
      List<Assignment> assignments,
      ModelState start,
      Shard shard,
      Place place,
      double receiveSeconds) {
    cancelled = false;
    long begin = System.nanoTime();
    engine.restore(start);
    WorkerSeconds seconds = new WorkerSeconds(receiveSeconds, seconds(begin), 0, 0);
    List<WorkerReport> reports = new ArrayList<>();
    for (Assignment assignment : assignments) {
      long loaded = System.nanoTime();
      epoch = epoch == null ? LocalSteps.Epoch.of(assignment, shard) : epoch.or(assignment, shard);
      StepSums sums = engine.take(LocalSteps.of(assignment, shard, epoch), () -> cancelled);
      seconds = new WorkerSeconds(seconds.receive(), seconds.load(), seconds(loaded), 0);
      reports.add(report(assignment, shard, sums, seconds, place));
      seconds = WorkerSeconds.NONE;
    }
    long stepped = System.nanoTime();
    ModelState end = engine.capture();
    int last = reports.size() - 1;
    reports.set(last, reports.get(last).extracted(seconds(stepped)));
    return new WorkerUpdate(reports, end);
  }

  private static WorkerReport report(
      Assignment assignment, Shard shard, StepSums sums, WorkerSeconds seconds, Place place) {
    int examples = assignment.round().examples(shard.size());
    return new WorkerReport(
        assignment.worker(), examples, sums.lossSum(), sums.correct(), seconds, place);
  }

  /**
   * Evaluates examples in inference mode.
   *
   * @param state the model; not changed
   * @param shard the examples
   * @param views the views of each image
   */
  public Evaluation evaluate(ModelState state, Shard shard, TestTime views) {
    engine.restore(state);
    return views == TestTime.NONE
        ? engine.evaluate(shard)
        : ViewMean.evaluate(shard, NativeMemory.EVALUATED, views, engine::probabilities);
  }

  /**
   * Class probabilities in inference mode.
   *
   * @param state the model; not changed
   * @param shard the images
   * @return {@code [images][classes]}
   */
  public float[][] probabilities(ModelState state, Shard shard) {
    engine.restore(state);
    return engine.probabilities(shard);
  }

  /** Frees the engine. */
  @Override
  public void close() {
    engine.close();
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }
}
