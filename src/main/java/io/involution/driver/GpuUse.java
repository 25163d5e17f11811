package io.involution.driver;

import io.involution.config.Precision;
import io.involution.config.TrainOptions;
import io.involution.config.TrainerChoice;
import io.involution.cuda.CudaEngine;
import io.involution.failure.InputException;
import io.involution.model.network.NetworkBlueprint;
import io.involution.spark.device.WorkerDevice;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What it means for a run that workers compute on GPUs.
 *
 * @param devices each worker's device
 */
public record GpuUse(List<WorkerDevice> devices) {

  /**
   * Checks that the job's own kernels, where they are used, can compute the networks.
   *
   * @throws InputException naming the layer that they cannot compute
   */
  public void requireFor(List<NetworkBlueprint> networks) {
    if (isOwn()) {
      networks.forEach(CudaEngine::check);
    }
  }

  /** The same for a training with some options. */
  void requireFor(List<NetworkBlueprint> networks, TrainOptions options) {
    devices.forEach(device -> device.require(options.cluster().precision()));
    if (!isOwn()) {
      return;
    }
    if (options.trainer() == TrainerChoice.DL4J_SPARK) {
      throw new InputException(
          "--trainer dl4j-spark trains on the CPU, and Spark gives the tasks GPUs: add --device"
              + " cpu, or leave that option out");
    }
    requireFor(networks);
  }

  /** Lines for the user at the start of a run; none without a GPU. */
  List<String> notices(Precision precision) {
    List<String> lines =
        devices.stream()
            .filter(WorkerDevice::onGpu)
            .map(
                device ->
                    "computing on "
                        + device.gpu().name()
                        + ", engine "
                        + device.engine()
                        + ", precision "
                        + precision.word())
            .collect(Collectors.toCollection(TreeSet::new))
            .stream()
            .collect(Collectors.toCollection(ArrayList::new));
    if (isOwn()) {
      lines.add(
          "NVIDIA's driver compiles the kernels on every host at its first start and keeps them:"
              + " that round takes longer");
    }
    return lines;
  }

  private boolean isOwn() {
    return devices.stream().anyMatch(WorkerDevice::compilesKernels);
  }
}
