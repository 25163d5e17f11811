package io.involution.experiment;

import io.involution.config.TrainConfig;
import io.involution.config.TrainOptions;
import io.involution.failure.InputException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The options of a cell: those of the train command, less what the experiment itself decides. */
final class CellOptions {
  private static final Set<String> DECIDED = Set.of("out", "resume", "overwrite");

  private CellOptions() {}

  /**
   * Reads them.
   *
   * @param all the defaults and the cell's own
   * @param own the cell's own, to name it by
   * @throws InputException naming the cell, the option and the fix
   */
  static TrainOptions read(Map<String, Object> all, Map<String, Object> own) {
    for (String key : all.keySet()) {
      if (DECIDED.contains(key) || !TrainConfig.defaults().getObject("train").containsKey(key)) {
        throw new InputException(
            "%s is no option of a cell: see conf/train.conf for those there are, less %s"
                .formatted(key, String.join(", ", DECIDED.stream().sorted().toList())));
      }
    }
    try {
      return TrainConfig.load(all, Optional.empty());
    } catch (InputException e) {
      throw new InputException("cell " + own + ": " + e.getMessage(), e);
    }
  }
}
