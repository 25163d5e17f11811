package io.involution.spark.round;

import io.involution.compute.DaemonThreads;
import io.involution.compute.ImageChunks;
import io.involution.cuda.CudaEngine;
import io.involution.cuda.CudaNetwork;
import io.involution.device.Device;
import io.involution.device.Device.Engine;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.state.GraphState;
import io.involution.spark.device.OwnGpus;
import io.involution.train.Dl4jEngine;
import io.involution.train.LocalTrainer;
import io.involution.train.StepEngine;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A network and the one thread that uses it. ND4J binds workspaces and the current GPU to threads,
 * and Spark runs tasks in changing threads: without this, each would have workspaces of its own.
 */
final class TrainerThread implements AutoCloseable {
  private static final long POLL_MILLIS = 100;

  private final NetworkBlueprint blueprint;
  private final Device device;
  private final ExecutorService thread;
  private volatile LocalTrainer trainer;

  TrainerThread(NetworkBlueprint blueprint, Device device) {
    this.blueprint = blueprint;
    this.device = device;
    this.thread =
        Executors.newSingleThreadExecutor(new DaemonThreads("trainer-" + blueprint.label()));
  }

  NetworkBlueprint blueprint() {
    return blueprint;
  }

  Device device() {
    return device;
  }

  /**
   * Runs work on the network and waits for it.
   *
   * @param work what to do
   * @param cores how many cores it may use
   * @param killed whether the task has been killed
   */
  <T> T run(Function<LocalTrainer, T> work, int cores, BooleanSupplier killed) {
    Future<T> future =
        thread.submit(
            () -> {
              // DL4J calls our layers and passes them no context: how many threads they may use
              // is a property of the thread that runs the network, set here and nowhere else.
              ImageChunks.useThreads(cores);
              return work.apply(trainer());
            });
    boolean interrupted = false;
    while (true) {
      try {
        return future.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException notYet) {
        cancelIf(interrupted || killed.getAsBoolean());
      } catch (InterruptedException interruption) {
        interrupted = true;
      } catch (ExecutionException e) {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
        throw e.getCause() instanceof RuntimeException cause
            ? cause
            : new IllegalStateException("training failed", e.getCause());
      }
    }
  }

  /** Frees the network, in its own thread, when that is idle. */
  @Override
  public void close() {
    thread.execute(
        () -> {
          if (trainer != null) {
            trainer.close();
          }
          GraphState.destroyWorkspaces();
        });
    thread.shutdown();
  }

  private LocalTrainer trainer() {
    if (trainer == null) {
      trainer = new LocalTrainer(engine());
    }
    return trainer;
  }

  private StepEngine engine() {
    if (device.engine() == Engine.OWN) {
      return new CudaEngine(
          new CudaNetwork(blueprint), OwnGpus.library(), device.position(), device.precision());
    }
    if (device.onGpu()) {
      // Before this thread's first array, and for its life.
      Nd4j.getAffinityManager().unsafeSetDevice(device.position());
    }
    return new Dl4jEngine(blueprint);
  }

  private void cancelIf(boolean killed) {
    LocalTrainer running = trainer;
    if (killed && running != null) {
      running.cancel();
    }
  }
}
