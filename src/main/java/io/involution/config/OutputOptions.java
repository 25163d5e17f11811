package io.involution.config;

import io.involution.failure.InputException;
import java.util.Optional;

/**
 * Where a run's outputs go.
 *
 * @param out the folder's URI; empty: one is named after the time
 * @param resume go on from the last checkpoint in it
 * @param overwrite replace a run that is already there
 */
public record OutputOptions(Optional<String> out, boolean resume, boolean overwrite) {
  /** Checks what excludes what. */
  public OutputOptions {
    if (resume && out.isEmpty()) {
      throw new InputException("--resume needs --out: name the folder of the run to go on with");
    }
    if (resume && overwrite) {
      throw new InputException("--resume and --overwrite exclude each other: leave one out");
    }
  }
}
