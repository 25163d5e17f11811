package io.involution.driver.journal;

import io.involution.metrics.MetricsFolder;
import io.involution.metrics.RoundCostSums;
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
    Map<String, RoundCostSums> sums = new LinkedHashMap<>();
    models.forEach(model -> sums.put(model, new RoundCostSums(model)));
    new MetricsFolder(folder)
        .join(models, epochs, row -> sums.values().forEach(model -> model.add(row)));
    Map<String, RoundCosts> costs = new LinkedHashMap<>();
    sums.forEach((model, sum) -> sum.costs().ifPresent(found -> costs.put(model, found)));
    return costs;
  }
}
