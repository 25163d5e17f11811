package io.involution.experiment;

import io.involution.config.TrainOptions;
import io.involution.data.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * One run of an experiment.
 *
 * @param id a hash of everything that determines its result: the same every time the experiment is
 *     started, and different as soon as an option, the data or the job changes the result
 * @param options the options that it trains with
 * @param facts what is known about it before it runs
 */
public record Cell(String id, TrainOptions options, CellFacts facts) {
  private static final int ID_LENGTH = 12;

  /** The cell with the given options. */
  public static Cell of(TrainOptions options, CellFacts facts) {
    return new Cell(id(facts.identity()), options, facts);
  }

  /** The location of its run, relative to the experiment's folder. */
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
