package io.involution.experiment;

import io.involution.config.DeclaredOption;
import io.involution.config.OutputOptions;
import io.involution.config.TrainConfig;
import io.involution.config.TrainConfig.NamedText;
import io.involution.config.TrainOptions;
import io.involution.config.hocon.Recipes;
import io.involution.failure.InputException;
import io.involution.failure.Places;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The options of a cell: those of the train command, without those that the experiment itself sets.
 *
 * @param train the options
 * @param recipe the name of the recipe that they start from, if there is one
 */
public record CellOptions(TrainOptions train, Optional<String> recipe) {
  private static final Set<String> DECIDED = names(DeclaredOption.of(OutputOptions.class));

  /** As train's option of that name: a recipe, whose options the others override. */
  static final String RECIPE = "config";

  private static final Set<String> ALL = names(TrainConfig.OPTIONS);

  /**
   * Parses the options.
   *
   * @param all the defaults and the cell's own options
   * @param own the cell's own options, which identify it in messages
   * @throws InputException naming the cell, the option and the fix
   */
  static CellOptions read(Map<String, Object> all, Map<String, Object> own) {
    Map<String, Object> options = new LinkedHashMap<>(all);
    Optional<NamedText> recipe =
        Optional.ofNullable(options.remove(RECIPE)).map(CellOptions::recipe);
    for (String key : options.keySet()) {
      if (DECIDED.contains(key) || !ALL.contains(key)) {
        throw new InputException(
            String.format(
                Locale.ROOT,
                "%s is not an option of a cell: use %s = RECIPE and those of conf/train.conf,"
                    + " except %s",
                key,
                RECIPE,
                String.join(", ", DECIDED)));
      }
    }
    try {
      return new CellOptions(TrainConfig.load(options, recipe), recipe.map(NamedText::name));
    } catch (InputException e) {
      throw new InputException("cell " + own + ": " + e.getMessage(), e);
    }
  }

  private static NamedText recipe(Object name) {
    return Recipes.text(name.toString())
        .map(text -> new NamedText(name.toString(), text))
        .orElseThrow(
            () ->
                new InputException(
                    String.format(
                        Locale.ROOT,
                        "%s = %s is no recipe: use one of %s",
                        RECIPE,
                        Places.shown(name.toString()),
                        String.join(", ", Recipes.NAMES))));
  }

  private static Set<String> names(List<DeclaredOption> options) {
    return options.stream()
        .map(DeclaredOption::name)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
