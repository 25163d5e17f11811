package io.involution.plan;

/**
 * What it costs that updates become their mean, without the network between the machines.
 *
 * @param resultPerByte seconds for a byte of a task's result: serialized by the executor, fetched
 *     and deserialized by the driver, which averages earlier ones meanwhile
 * @param averagePerByte seconds for a byte of the updates in what is left of checking and averaging
 *     when all are there
 * @param shufflePerBlock seconds for a block that an executor fetches in a shuffle, however small
 */
public record ExchangeCosts(double resultPerByte, double averagePerByte, double shufflePerBlock) {

  /** Checks that none is negative. */
  public ExchangeCosts {
    if (!(resultPerByte >= 0 && averagePerByte >= 0 && shufflePerBlock >= 0)) {
      throw new IllegalArgumentException(
          "costs of %s, %s and %s s".formatted(resultPerByte, averagePerByte, shufflePerBlock));
    }
  }
}
