package io.involution.doctor;

import io.involution.config.Precision;
import io.involution.device.Gpu;
import io.involution.device.JvmFacts;
import io.involution.failure.InputException;
import java.util.Locale;
import java.util.stream.Collectors;

/** Checks of the devices and the GPUs. */
final class GpuChecks {
  private GpuChecks() {}

  /** Checks the device that a worker on an executor would use. */
  static Finding device(ExecutorFacts facts, Precision precision) {
    if (facts.deviceFault() != null) {
      return Finding.fail("device", new InputException(facts.deviceFault()));
    }
    try {
      facts.device().require(precision);
    } catch (InputException e) {
      return Finding.fail("device", e);
    }
    if (facts.device().onGpu()) {
      return Finding.ok(
          "device",
          String.format(
              Locale.ROOT,
              "%s, %s, driver %s, engine %s, precision %s",
              facts.device().gpu().shown(),
              facts.device().gpu().memory(),
              facts.device().gpu().driver(),
              facts.device().engine(),
              precision.word()));
    }
    String address = facts.device().gpuAddress();
    return address == null
        ? Finding.ok("device", "CPU")
        : Finding.warn(
            "device",
            String.format(Locale.ROOT, "CPU, although Spark assigns it GPU %s", address),
            "omit --gpus-per-executor, or omit --device cpu");
  }

  /** Reports whether short trainings give the bits on a GPU that they give on every other. */
  static Finding bits(ExecutorFacts facts) {
    if (facts.otherBits().isEmpty()) {
      return Finding.ok("bits", "short trainings give the recorded results");
    }
    return Finding.fail(
        "bits",
        new InputException(
            String.format(
                Locale.ROOT,
                "%s does not give the bits of other GPUs (%s): its memory may be broken, see"
                    + " nvidia-smi -q -d ECC, or use --device cpu",
                facts.device().gpu().shown(),
                String.join(", ", facts.otherBits()))));
  }

  /** Reports the GPUs that nvidia-smi lists. */
  static Finding listed(JvmFacts facts) {
    return facts.gpuFault() != null
        ? Finding.ok("nvidia-smi", "no GPU: " + facts.gpuFault())
        : Finding.ok(
            "nvidia-smi", facts.gpus().stream().map(Gpu::shown).collect(Collectors.joining(", ")));
  }
}
