package io.involution.train;

import io.involution.failure.RunFailedException;

/** Training has left the finite numbers; the message names model, epoch, round and worker. */
public final class DivergenceException extends RunFailedException {
  private static final long serialVersionUID = 1L;
  private static final String FIX =
      "training has diverged; the last checkpoint is kept; try a lower --learning-rate";

  public DivergenceException(String message) {
    super(message);
  }

  /**
   * Names where it happened in a round.
   *
   * @param what which number is no finite one
   * @param model the network's name
   * @param round when
   */
  static DivergenceException in(String what, String model, Round round) {
    return new DivergenceException(line(what, model, round));
  }

  /** The message of {@link #in}. */
  public static String line(String what, String model, Round round) {
    return "%s of the %s network is no finite number in epoch %d, round %d: %s"
        .formatted(what, model, round.epoch(), round.index(), FIX);
  }

  /**
   * Names where it happened at an epoch's end.
   *
   * @param what which number is no finite one
   * @param model the network's name
   * @param epoch from 1
   */
  static DivergenceException after(String what, String model, int epoch) {
    return new DivergenceException(
        "%s of the %s network is no finite number after epoch %d: %s"
            .formatted(what, model, epoch, FIX));
  }
}
