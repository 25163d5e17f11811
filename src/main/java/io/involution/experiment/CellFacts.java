package io.involution.experiment;

import java.util.Map;

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
    int slots) {}
