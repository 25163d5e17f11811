package io.involution.doctor;

import io.involution.device.Gpu;
import io.involution.device.JvmFacts;
import io.involution.failure.InputException;
import java.util.stream.Collectors;

/** What computes, and which GPUs there are. */
public final class GpuChecks {
  private GpuChecks() {}

  /** What a worker on an executor would compute on. */
  public static Finding device(ExecutorFacts facts) {
    if (facts.deviceFault() != null) {
      return Finding.fail("device", new InputException(facts.deviceFault()));
    }
    if (facts.device().onGpu()) {
      return Finding.ok(
          "device",
          "%s, driver %s".formatted(facts.device().gpu().shown(), facts.device().gpu().driver()));
    }
    String address = facts.device().gpuAddress();
    return address == null
        ? Finding.ok("device", "CPU")
        : Finding.warn(
            "device",
            "CPU, and Spark keeps GPU %s for it".formatted(address),
            "leave --gpus-per-executor out, or leave --device out and build the job jar with -Pcuda");
  }

  /** The GPUs that nvidia-smi lists. */
  public static Finding listed(JvmFacts facts) {
    return facts.gpuFault() != null
        ? Finding.ok("nvidia-smi", "no GPU: " + facts.gpuFault())
        : Finding.ok(
            "nvidia-smi", facts.gpus().stream().map(Gpu::shown).collect(Collectors.joining(", ")));
  }
}
