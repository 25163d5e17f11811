package io.involution.experiment;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How far a cell is. */
public enum CellState {
  /** Nobody has begun it. */
  PENDING,
  /** Somebody runs it, or did when they died. */
  RUNNING,
  /** Its run is complete. */
  DONE,
  /** Its last attempt failed. */
  FAILED,
  /** It stopped at a checkpoint and goes on with the next start. */
  STOPPED;

  /** The word in the ledger. */
  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether an attempt has come to its end, whichever. */
  public boolean isEnded() {
    return this == DONE || this == FAILED || this == STOPPED;
  }
}
