package io.involution.doctor;

import io.involution.device.Backend;
import io.involution.device.Gpu;
import io.involution.device.JvmFacts;
import io.involution.device.JvmFacts.Login;
import io.involution.spark.device.WorkerDevice;
import java.util.List;

/** Facts for the checks' tests. */
final class Facts {
  static final Gpu GPU = new Gpu(1, "GPU-1", "Tesla V100", "7.0", "510.1", "16384 MiB");
  private static final long GIB = 1L << 30;

  private Facts() {}

  static JvmFacts jvm(String java, Login login, long clock) {
    return new JvmFacts(
        java, Backend.CPU, null, "a processor", 2, GIB, GIB, List.of(), "no driver", login, clock);
  }

  static JvmFacts jvm() {
    return jvm("17.0.15", new Login("me", false, false, List.of()), 0);
  }

  static ExecutorFacts executor(String id, WorkerDevice device, String fault) {
    return new ExecutorFacts(id, "host-" + id, jvm(), device, fault, List.of(), 1, null);
  }

  static WorkerDevice device(String address, Gpu gpu) {
    return new WorkerDevice(0, "1", "host-1", gpu == null ? "cpu" : "gpu:1", "own", address, gpu);
  }
}
