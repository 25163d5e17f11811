package io.involution.driver.input;

import io.involution.data.ExampleSource;
import io.involution.data.cifar10.DataLocator;
import io.involution.data.cifar10.DataLocator.Environment;
import io.involution.data.cifar10.LimitedSource;
import io.involution.spark.ClusterSession;
import java.util.Optional;
import java.util.function.Consumer;

/** Opens the data that a command's options ask for. */
public final class Sources {
  private Sources() {}

  /**
   * Opens the data.
   *
   * @param data the data option
   * @param trainLimit number of training examples; empty for all
   * @param testLimit number of test examples; empty for all
   * @param session the cluster that reads it
   * @param notices receives progress messages
   */
  public static ExampleSource open(
      String data,
      Optional<Integer> trainLimit,
      Optional<Integer> testLimit,
      ClusterSession session,
      Consumer<String> notices) {
    Environment environment = Environment.here(session.isOneMachine(), notices);
    ExampleSource source = DataLocator.locate(data, environment, session.hadoop());
    return LimitedSource.of(source, trainLimit, testLimit);
  }
}
