package io.involution.spark.round;

import io.involution.config.DeviceChoice;
import io.involution.data.Shard;
import io.involution.evaluate.Evaluation;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.state.ModelState;
import io.involution.spark.device.Devices;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;

/**
 * One worker's share of an evaluation as a Spark task.
 *
 * @param blueprint the network
 * @param device the device that the user asked for
 * @param state the model
 */
record EvaluationTask(NetworkBlueprint blueprint, DeviceChoice device, Broadcast<ModelState> state)
    implements Function<Shard, Evaluation> {

  @Override
  public Evaluation call(Shard shard) {
    TaskContext task = TaskContext.get();
    ModelState model = state.value();
    return ExecutorTrainers.run(
        blueprint, Devices.ofTask(device, task), task, trainer -> trainer.evaluate(model, shard));
  }
}
