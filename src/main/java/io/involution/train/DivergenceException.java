package io.involution.train;

/** Training has left the finite numbers; the message names epoch, round and worker. */
public final class DivergenceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Names where it happened. */
  public DivergenceException(String message) {
    super(message);
  }
}
