package io.involution.driver.journal;

import io.involution.metrics.MetricsFolder;
import io.involution.metrics.MetricsRow;
import io.involution.metrics.RoundCosts;
import io.involution.run.RunFolder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The metrics of all models of a finished run. */
public final class RunMetrics {
  private RunMetrics() {}

  /** Joins them into one file and summarizes how the models' rounds spent their time. */
  public static Map<String, RoundCosts> join(RunFolder folder, List<String> models, int epochs) {
    MetricsFolder metrics = new MetricsFolder(folder);
    metrics.join(models, epochs);
    List<MetricsRow> rows = metrics.rows();
    Map<String, RoundCosts> costs = new LinkedHashMap<>();
    for (String model : models) {
      RoundCosts cost = RoundCosts.of(rows, model);
      if (cost != null) {
        costs.put(model, cost);
      }
    }
    return costs;
  }
}
