package io.involution.experiment;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is known about a cell before it runs.
 *
 * @param identity everything that determines its result, as text by name
 * @param settings its options, by name
 * @param provenance the data, job and machine, by name
 * @param slots number of task slots that it can use
 */
public record CellFacts(
    Map<String, String> identity,
    Map<String, Object> settings,
    Map<String, String> provenance,
    int slots) {

  /** The same with the recipe's name as a setting; its options, not its name, are the identity. */
  CellFacts with(Optional<String> recipe) {
    Map<String, Object> named = new LinkedHashMap<>(settings);
    named.put(CellOptions.RECIPE, recipe.orElse(null));
    return new CellFacts(identity, named, provenance, slots);
  }
}
