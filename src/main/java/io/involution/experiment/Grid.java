package io.involution.experiment;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import io.involution.failure.InputException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** All combinations of the values of some options. */
final class Grid {
  private static final int MOST = 10_000;

  private Grid() {}

  /**
   * The combinations, the last option changing fastest; one empty combination if there are no
   * options.
   */
  static List<Map<String, Object>> combinations(ConfigObject grid) {
    List<Map<String, Object>> combinations = new ArrayList<>(List.of(Map.of()));
    for (Map.Entry<String, ConfigValue> option : inOrder(grid)) {
      if (!(option.getValue() instanceof ConfigList values) || values.isEmpty()) {
        throw new InputException(
            String.format(
                Locale.ROOT,
                "experiment.grid.%s is not a list of values: write it as [1, 2]",
                option.getKey()));
      }
      combinations = times(combinations, option.getKey(), values);
    }
    return combinations;
  }

  private static List<Map<String, Object>> times(
      List<Map<String, Object>> combinations, String key, ConfigList values) {
    if ((long) combinations.size() * values.size() > MOST) {
      throw new InputException(
          String.format(Locale.ROOT, "experiment.grid has more than %,d cells", MOST));
    }
    List<Map<String, Object>> product = new ArrayList<>();
    for (Map<String, Object> combination : combinations) {
      for (ConfigValue value : values) {
        Map<String, Object> with = new LinkedHashMap<>(combination);
        with.put(key, value.unwrapped());
        product.add(with);
      }
    }
    return product;
  }

  /** In the order of the file: HOCON objects are unordered. */
  private static List<Map.Entry<String, ConfigValue>> inOrder(ConfigObject grid) {
    List<Map.Entry<String, ConfigValue>> options = new ArrayList<>(grid.entrySet());
    options.sort(
        Comparator.comparingInt(
                (Map.Entry<String, ConfigValue> option) -> option.getValue().origin().lineNumber())
            .thenComparing(Map.Entry::getKey));
    return options;
  }
}
