package io.involution.plan;

import java.util.Locale;

/**
 * The costs of averaging updates, without the network between the machines.
 *
 * @param resultPerByte seconds per byte of a task's result: serialized by the executor, fetched and
 *     deserialized by the driver, which averages earlier results meanwhile
 * @param averagePerByte seconds per byte of the updates for the checks and averaging that remain
 *     when all have arrived
 * @param shufflePerBlock seconds per block that an executor fetches in a shuffle, however small
 */
public record ExchangeCosts(double resultPerByte, double averagePerByte, double shufflePerBlock) {

  /** Checks that no cost is negative. */
  public ExchangeCosts {
    if (!(resultPerByte >= 0 && averagePerByte >= 0 && shufflePerBlock >= 0)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "costs of %s, %s and %s s",
              resultPerByte,
              averagePerByte,
              shufflePerBlock));
    }
  }
}
