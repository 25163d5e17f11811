package io.involution.experiment;

import java.util.Map;

/**
 * What is known of a cell before it runs.
 *
 * @param identity all that decides its result, as text by name
 * @param settings its options, by name
 * @param provenance which data, job and machine, by name
 * @param slots task slots that it can use
 */
public record CellFacts(
    Map<String, String> identity,
    Map<String, Object> settings,
    Map<String, String> provenance,
    int slots) {}
