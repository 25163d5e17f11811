package io.involution.train;

import io.involution.model.state.ModelState;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Rounds that the workers took without the driver in between: one, or several if there is a single
 * worker, which goes on from its own model.
 *
 * @param mean example-weighted mean of the workers' states at the end
 * @param outcomes what each of the rounds came to, in order
 */
public record Stretch(ModelState mean, List<RoundOutcome> outcomes) {
  /** Keeps a copy of the list. */
  public Stretch {
    outcomes = List.copyOf(outcomes);
  }

  /**
   * A stretch of which the driver knows the times of the whole. What is not a worker's own time is
   * divided evenly among the rounds. The model states cross at its ends: they count in the last
   * round.
   *
   * @param mean of the workers' states at the end
   * @param rounds the workers' reports of each round, in worker order
   * @param seconds where the driver's time went
   * @param bytesSent size of the model state that every worker received
   * @param bytesReceived size of the model states that came to the driver
   */
  public static Stretch of(
      ModelState mean,
      List<List<WorkerReport>> rounds,
      RoundSeconds seconds,
      long bytesSent,
      long bytesReceived) {
    int count = rounds.size();
    double beyond =
        (seconds.workers() - rounds.stream().mapToDouble(Stretch::longest).sum()) / count;
    return new Stretch(
        mean,
        IntStream.range(0, count)
            .mapToObj(
                round -> {
                  List<WorkerReport> reports = rounds.get(round);
                  boolean last = round == count - 1;
                  return new RoundOutcome(
                      reports,
                      new RoundSeconds(
                          seconds.broadcast() / count,
                          longest(reports) + beyond,
                          seconds.average() / count),
                      last ? bytesSent : 0,
                      last ? bytesReceived : 0);
                })
            .toList());
  }

  private static double longest(List<WorkerReport> reports) {
    return reports.stream().mapToDouble(report -> report.seconds().total()).max().orElseThrow();
  }

  /** The same with another mean. */
  public Stretch with(ModelState other) {
    return new Stretch(other, outcomes);
  }
}
