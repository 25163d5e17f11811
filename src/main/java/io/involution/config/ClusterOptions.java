package io.involution.config;

import static io.involution.config.option.Option.Effect.FACT;
import static io.involution.config.option.Option.Effect.START;

import io.involution.config.option.Option;
import io.involution.failure.InputException;
import java.util.Optional;

/** How many workers there are, and what they compute on. */
public record ClusterOptions(
    @Option(
            heading = "Cluster",
            defaultValue = "0",
            byDefault = "one per task slot",
            least = 1,
            effect = FACT,
            help = "Workers, each with a shard of its own.",
            details = "The result depends on this number, and not on task slots, hosts or threads.")
        Optional<Integer> workers,
    @Option(
            defaultValue = "auto",
            effect = FACT,
            help = "What workers compute on. auto: a GPU where Spark assigned one, else the CPU.")
        DeviceChoice device,
    @Option(
            defaultValue = "own",
            effect = FACT,
            help = "What computes on GPUs: own, or nd4j with the job jar that -Pcuda builds.",
            details =
                "own: this project's kernels, compute capability 7.5 and newer. nd4j: 3.7 and 5.0"
                    + " to 8.9.")
        GpuEngineChoice gpuEngine,
    @Option(
            defaultValue = "float32",
            help = "The numbers that GPUs multiply: float32, or tf32 on tensor cores.",
            details =
                "tf32: inputs of 3x3 and 1x1 convolutions have a mantissa of 10 bits, sums are"
                    + " float32; with --gpu-engine own and compute capability 8.0 and newer. The"
                    + " results are repeatable on one kind of GPU.")
        Precision precision,
    @Option(
            defaultValue = "120",
            label = "SECONDS",
            least = 0,
            effect = START,
            help = "Seconds to wait for as many task slots as workers.",
            details = "On a local master, workers take turns on fewer slots.")
        int waitForSlots) {

  /** Checks which options exclude each other. */
  public ClusterOptions {
    if (precision != Precision.FLOAT32) {
      requireTensorCores(precision, device, gpuEngine);
    }
  }

  private static void requireTensorCores(
      Precision precision, DeviceChoice device, GpuEngineChoice engine) {
    String needs = "--precision " + precision.word() + " needs the job's own kernels on GPUs, and ";
    if (device == DeviceChoice.CPU) {
      throw new InputException(needs + "--device is cpu: leave one of the two out");
    }
    if (engine != GpuEngineChoice.OWN) {
      throw new InputException(
          needs + "--gpu-engine is " + engine.word() + ": leave one of the two out");
    }
  }
}
