package io.involution.driver;

import io.involution.config.TrainOptions;
import io.involution.config.training.AveragingOptions;
import io.involution.config.training.ExchangeChoice;
import io.involution.config.training.OuterStepChoice;
import io.involution.config.training.UpdaterStateChoice;
import io.involution.config.value.WeightAverage;
import io.involution.data.ImageShape;
import io.involution.driver.input.StepRules;
import io.involution.model.network.NativeMemory;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.state.ModelState;
import io.involution.run.Checkpoints;
import io.involution.spark.device.NativeMemoryCheck;
import io.involution.spark.device.WorkerDevice;
import io.involution.spark.round.SparkWorkers;
import io.involution.train.time.EpochPlan;
import java.util.List;

/**
 * What is checked before networks are trained, by a run as by an estimator's fit: later, a task
 * would fail.
 *
 * @param inputs the cluster
 * @param options how the networks are trained
 * @param plan how an epoch is divided into rounds
 */
public record TrainingCheck(RunInputs inputs, TrainOptions options, EpochPlan plan) {

  /**
   * Checks that the workers' devices can train networks, and that the driver can collect their
   * updates, and keep their updater states, if it is to.
   *
   * @throws io.involution.failure.InputException when they cannot
   */
  public void requireFor(List<NetworkBlueprint> networks) {
    new GpuUse(devices()).requireFor(networks, options);
    // Nothing else is refused for its size, so only then are the networks built to learn it.
    if (options.averaging().usedExchange() == ExchangeChoice.COLLECT) {
      StepRules rules = new StepRules(options, plan);
      networks.forEach(network -> requireForDriver(network.label(), rules.fresh(network)));
    }
  }

  private void requireForDriver(String model, ModelState fresh) {
    SparkWorkers.requireCollectable(plan.workers(), fresh, inputs.session().context());
    if (options.averaging().updaterState() == UpdaterStateChoice.LOCAL) {
      Checkpoints.requireRoom(model, fresh, addedBytes(fresh));
    }
  }

  /** An outer step and an average over time each add a vector as long as the parameters. */
  private long addedBytes(ModelState fresh) {
    AveragingOptions averaging = options.averaging();
    int outer = plan.outerStep(averaging) == OuterStepChoice.AVERAGE ? 0 : 1;
    int average = averaging.weightAverage().kind() == WeightAverage.Kind.EMA ? 1 : 0;
    return (long) Float.BYTES * (outer + average) * fresh.parameters().length;
  }

  /**
   * Checks that the executors may take the memory outside the heap that the workers need, and that
   * no array of a minibatch is too long for workers on CPUs.
   *
   * @param image the shape of the images
   * @param tested examples that all workers together evaluate
   * @return bytes that an executor needs at least; 0 on GPUs, and where it needs very little
   * @throws io.involution.failure.InputException when it may not
   */
  public long nativeBytes(List<NetworkBlueprint> networks, ImageShape image, int tested) {
    if (devices().stream().allMatch(WorkerDevice::onGpu)) {
      return 0;
    }
    int trained = plan.batchSizePerWorker();
    networks.forEach(network -> NativeMemoryCheck.requireMinibatch(network, image, trained));
    long bytes =
        devices().stream().noneMatch(WorkerDevice::onGpu)
            ? leastBytes(networks, image, (tested + plan.workers() - 1) / plan.workers())
            : 0;
    return bytes == 0 ? 0 : inputs.nativeBytes(plan.workers(), bytes);
  }

  private long leastBytes(List<NetworkBlueprint> networks, ImageShape image, int tested) {
    return networks.stream()
        .mapToLong(
            network -> {
              int evaluated = Math.min(NativeMemory.evaluated(network, image), tested);
              return NativeMemory.least(
                  network, image, Math.max(plan.batchSizePerWorker(), evaluated));
            })
        .max()
        .orElse(0);
  }

  private List<WorkerDevice> devices() {
    return inputs.devices(plan.workers(), options.cluster().device());
  }
}
