package io.involution.api;

import io.involution.metrics.MetricsFolder;
import io.involution.metrics.RunRecord;
import io.involution.run.RunFolder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * The result of a run.
 *
 * @param folder where the run is
 * @param networks its networks, in the order in which they were trained
 */
public record TrainingResult(String folder, List<TrainedNetwork> networks) {
  /** Copies the list. */
  public TrainingResult {
    networks = List.copyOf(networks);
  }

  /**
   * Reads the result of a finished run, whoever has trained it.
   *
   * @param folder the run's folder
   * @param hadoop settings of its file system
   * @throws io.involution.failure.InputException when it holds no finished run, or a damaged one
   */
  public static TrainingResult read(String folder, Configuration hadoop) {
    RunFolder run = RunFolder.read(folder, hadoop);
    MetricsFolder metrics = new MetricsFolder(run);
    List<TrainedNetwork> networks = new ArrayList<>();
    RunRecord.results(run)
        .forEach(
            (name, result) -> {
              List<Epoch> history =
                  metrics.epochs(name, result.epochs()).stream().map(Epoch::of).toList();
              byte[] model = run.read(name + "/model.zip").orElse(new byte[0]);
              networks.add(new TrainedNetwork(name, history, result.parametersSha256(), model));
            });
    return new TrainingResult(run.location(), networks);
  }

  /**
   * A network of the run.
   *
   * @throws IllegalArgumentException when the run has not trained it
   */
  public TrainedNetwork network(String name) {
    return networks.stream()
        .filter(network -> network.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("the run has no network " + name));
  }

  /** The test accuracy of each network after its last epoch, by name. */
  public Map<String, Double> testAccuracies() {
    Map<String, Double> accuracies = new LinkedHashMap<>();
    networks.forEach(network -> accuracies.put(network.name(), network.last().testAccuracy()));
    return accuracies;
  }
}
