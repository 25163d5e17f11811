package io.involution.compute;

import java.util.concurrent.ThreadFactory;

/**
 * Threads that do not keep the JVM alive.
 *
 * @param name what thread dumps call each of them
 */
public record DaemonThreads(String name) implements ThreadFactory {
  @Override
  public Thread newThread(Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }
}
