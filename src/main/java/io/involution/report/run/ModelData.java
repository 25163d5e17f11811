package io.involution.report.run;

import com.fasterxml.jackson.databind.JsonNode;
import io.involution.metrics.EpochRow;
import io.involution.metrics.RoundCosts;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a run's folder holds about one network.
 *
 * @param name the network's name
 * @param result its result in run.json; missing where its training has not ended
 * @param epochs a row for every epoch
 * @param rounds a row for every round; none where the trainer does not tell
 * @param workers a row for every round and worker
 * @param costs where a round's time went; empty where the trainer does not tell
 * @param artifacts what is drawn
 */
public record ModelData(
    String name,
    Optional<JsonNode> result,
    List<EpochRow> epochs,
    List<RoundPoint> rounds,
    List<WorkerPoint> workers,
    Optional<RoundCosts> costs,
    ModelArtifacts artifacts) {

  /** A number of the result by its JSON pointer; null where there is none. */
  public Double number(String pointer) {
    return result
        .map(node -> node.at(pointer))
        .filter(JsonNode::isNumber)
        .map(JsonNode::asDouble)
        .orElse(null);
  }

  /** Where a number of the result stands. */
  public String place(String pointer) {
    return "run.json#/results/" + name + pointer;
  }

  /** Trainable and other parameters together; null where there is no result. */
  public Double parameters() {
    Double trainable = number("/parameters/trainable");
    Double others = number("/parameters/non_trainable");
    return trainable == null || others == null ? null : Double.valueOf(trainable + others);
  }

  /** The row of the epoch with the best test accuracy, the first of equals. */
  public Optional<EpochRow> best() {
    Optional<EpochRow> best = Optional.empty();
    for (EpochRow row : epochs) {
      if (best.isEmpty() || row.testAccuracy() > best.get().testAccuracy()) {
        best = Optional.of(row);
      }
    }
    return best;
  }

  /** Seconds of rounds and evaluations up to the end of an epoch. */
  public double secondsUntil(int epoch) {
    return epochs.stream()
        .filter(row -> row.epoch() <= epoch)
        .mapToDouble(row -> row.roundSeconds() + row.evaluateSeconds())
        .sum();
  }

  /** The network's place among all there are, whatever the run has of them: it has a colour. */
  public int colour() {
    return name.equals("convolution") ? 0 : name.equals("involution") ? 1 : 2;
  }

  /** The name as a heading has it. */
  public String title() {
    return name.isEmpty()
        ? name
        : name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
  }

  /** The name as a part of file names and ids, whatever the run's record says. */
  public String slug() {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
  }
}
