package io.involution.experiment;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** The state of a cell. */
public enum CellState {
  /** It has not been started. */
  PENDING,
  /** A process is running it, or was when it died. */
  RUNNING,
  /** Its run is complete. */
  DONE,
  /** Its last attempt failed. */
  FAILED,
  /** It stopped at a checkpoint and is resumed when the experiment is started again. */
  STOPPED;

  /** The state's name in the ledger. */
  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether an attempt has ended, successfully or not. */
  public boolean isEnded() {
    return this == DONE || this == FAILED || this == STOPPED;
  }
}
