package io.involution.compute;

import java.util.concurrent.ThreadFactory;

/**
 * Creates threads that do not keep the JVM alive.
 *
 * @param name the name of each of them in thread dumps
 */
public record DaemonThreads(String name) implements ThreadFactory {
  @Override
  public Thread newThread(Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }
}
