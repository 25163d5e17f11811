package io.involution.cli;

import io.involution.data.DataLocator;
import io.involution.data.DataLocator.Surroundings;
import io.involution.data.ExampleSource;
import io.involution.data.LimitedSource;
import io.involution.spark.ClusterSession;
import java.util.Optional;
import java.util.function.Consumer;

/** The examples that a command's options ask for. */
final class Sources {
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
  static ExampleSource open(
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
