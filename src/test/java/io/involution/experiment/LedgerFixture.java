package io.involution.experiment;

import io.involution.metrics.ModelResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rows of a ledger that nobody has run. */
final class LedgerFixture {
  private LedgerFixture() {}

  static LedgerRow row(String cell, CellState state, Map<String, Object> settings) {
    Map<String, Object> all = new LinkedHashMap<>(Map.of("model", "involution"));
    all.putAll(settings);
    return new LedgerRow(
        "m",
        List.of("a"),
        cell,
        state,
        1,
        "2026-03-01T02:00:00Z",
        state.isEnded() ? "2026-03-01T02:01:00Z" : null,
        state.isEnded() ? 60.5 : null,
        state == CellState.FAILED ? "the disk is full" : null,
        "cells/" + cell,
        all,
        Map.of("dataset", "synthetic"),
        null);
  }

  static LedgerRow done(String cell, int workers, String period, int seed, double accuracy) {
    return done("involution", cell, workers, period, seed, accuracy);
  }

  static LedgerRow done(
      String network, String cell, int workers, String period, int seed, double accuracy) {
    ModelResult result =
        new ModelResult(
            accuracy,
            1 - accuracy,
            null,
            null,
            null,
            "digest of seed " + seed,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null);
    LedgerRow row =
        row(
            cell,
            CellState.RUNNING,
            Map.of("workers", workers, "averaging_period", period, "seed", seed));
    return row.ended(CellState.DONE, "2026-03-01T02:01:00Z", 60.5, null, Map.of(network, result));
  }
}
