package io.involution.spark.round;

import io.involution.config.DeviceChoice;
import io.involution.data.Shard;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.state.ModelState;
import io.involution.spark.device.Devices;
import java.io.Serializable;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * Applies a network in the tasks of a stage, on the networks that executors keep.
 *
 * @param blueprint the network
 * @param device the device that the user asked for
 * @param state its parameters
 */
public record Predictor(
    NetworkBlueprint blueprint, DeviceChoice device, Broadcast<ModelState> state)
    implements Serializable {

  /**
   * Class probabilities; called in a task.
   *
   * @param shard the images
   * @return {@code [images][classes]}
   */
  public float[][] probabilities(Shard shard) {
    TaskContext task = TaskContext.get();
    ModelState model = state.value();
    return ExecutorTrainers.run(
        blueprint,
        Devices.ofTask(device, task),
        task,
        trainer -> trainer.probabilities(model, shard));
  }
}
