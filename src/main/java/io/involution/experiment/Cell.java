package io.involution.experiment;

import io.involution.config.TrainOptions;
import io.involution.data.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * One run of an experiment.
 *
 * @param id a hash of all that decides its result: the same in every start, another one as soon as
 *     an option, the data or the job changes the result
 * @param options what it trains with
 * @param facts what is known of it before it runs
 */
public record Cell(String id, TrainOptions options, CellFacts facts) {
  private static final int ID_LENGTH = 12;

  /** The cell of some options. */
  public static Cell of(TrainOptions options, CellFacts facts) {
    return new Cell(id(facts.identity()), options, facts);
  }

  /** Where its run is, below the experiment's folder. */
  public String run() {
    return "cells/" + id;
  }

  private static String id(Map<String, String> identity) {
    StringBuilder text = new StringBuilder();
    new TreeMap<>(identity)
        .forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    return Sha256.hex(bytes).substring(0, ID_LENGTH);
  }
}
