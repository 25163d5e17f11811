package io.involution.bench.contender;

import io.involution.bench.NetworkSize;

/** A network with its updater and data, ready to take training steps. */
public interface Training extends AutoCloseable {
  /** The network's numbers of parameters. */
  NetworkSize size();

  /** Takes steps, each with the next minibatch of {@link BenchData}. */
  StepTime run(int steps);

  /** Whether there is a loss that has to fall. */
  default boolean learns() {
    return true;
  }

  @Override
  void close();
}
