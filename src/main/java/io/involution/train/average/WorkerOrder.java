package io.involution.train.average;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Hands on in worker order what comes in any order, each as soon as those before it have come.
 *
 * @param <T> what comes, one a worker
 */
public final class WorkerOrder<T> {
  private final Map<Integer, T> early = new HashMap<>();
  private int due;

  /**
   * Takes what a worker sent.
   *
   * @param worker the worker, from 0
   * @param sent what it sent
   * @param next takes what is due: nothing, this, or this and others that waited for it
   */
  public void put(int worker, T sent, Consumer<? super T> next) {
    early.put(worker, sent);
    for (T turn = early.remove(due); turn != null; turn = early.remove(due)) {
      due++;
      next.accept(turn);
    }
  }

  /** The worker whose turn it is. */
  public int due() {
    return due;
  }

  /** Whether others wait for it. */
  public boolean someWait() {
    return !early.isEmpty();
  }
}
