package io.involution.driver.input;

import io.involution.data.ExampleSource;
import io.involution.data.cifar10.DataLocator;
import io.involution.data.cifar10.DataLocator.Surroundings;
import io.involution.data.cifar10.LimitedSource;
import io.involution.spark.ClusterSession;
import java.util.Optional;
import java.util.function.Consumer;

/** The examples that a command's options ask for. */
public final class Sources {
  private Sources() {}

  /**
   * Opens them.
   *
   * @param data the data option
   * @param trainLimit first so many training examples only
   * @param testLimit first so many test examples only
   * @param session the cluster that is to read them
   * @param notices told where they are looked for
   */
  public static ExampleSource open(
      String data,
      Optional<Integer> trainLimit,
      Optional<Integer> testLimit,
      ClusterSession session,
      Consumer<String> notices) {
    Surroundings surroundings = Surroundings.here(session.isOneMachine(), notices);
    ExampleSource source = DataLocator.locate(data, surroundings, session.hadoop());
    return LimitedSource.of(source, trainLimit, testLimit);
  }
}
