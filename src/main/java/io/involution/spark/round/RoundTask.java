package io.involution.spark.round;

import io.involution.config.DeviceChoice;
import io.involution.data.Shard;
import io.involution.device.Device;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.state.ModelState;
import io.involution.monitoring.ExecutorMemory;
import io.involution.spark.SharedValue;
import io.involution.spark.device.Devices;
import io.involution.train.Assignment;
import io.involution.train.Place;
import io.involution.train.UpdaterSections;
import io.involution.train.WorkerUpdate;
import io.involution.train.time.Round;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function2;

/**
 * One worker's round, or several of a single worker, as a Spark task: from its shard to its update.
 *
 * @param blueprint the network
 * @param rounds which local steps
 * @param settings seed, augmentation and updater state
 * @param device the device that the user asked for
 * @param start what all workers start from
 * @param own each worker's own updater state, by worker, of which a task fetches only its own;
 *     empty if they are averaged
 */
public record RoundTask(
    NetworkBlueprint blueprint,
    List<Round> rounds,
    RoundSettings settings,
    DeviceChoice device,
    SharedValue<ModelState> start,
    List<SharedValue<float[]>> own)
    implements Function2<Integer, Iterator<Shard>, Iterator<WorkerUpdate>> {

  @Override
  public Iterator<WorkerUpdate> call(Integer worker, Iterator<Shard> shards) {
    long begin = System.nanoTime();
    TaskContext task = TaskContext.get();
    Device chosen = Devices.ofTask(device, task).with(settings.precision());
    Shard shard = shards.next();
    UpdaterSections sections = new UpdaterSections(settings.updaterState());
    ModelState shared = start.value();
    ModelState state = own.isEmpty() ? shared : sections.start(shared, own.get(worker).value());
    double receiveSeconds = (System.nanoTime() - begin) / 1e9;
    List<Assignment> assignments =
        rounds.stream()
            .map(round -> new Assignment(worker, round, settings.seed(), settings.augmentation()))
            .toList();
    Place place = place(task, chosen.toString());
    WorkerUpdate update =
        ExecutorTrainers.run(
            blueprint,
            chosen,
            task,
            trainer -> trainer.run(assignments, state, shard, place, receiveSeconds));
    ExecutorMemory.started();
    WorkerUpdate sent = sections.end(update);
    ModelState variances = settings.deviations().variances(sent.state());
    return List.of(new WorkerUpdate(sent.reports(), variances)).iterator();
  }

  /** Where a task runs, and on what. */
  public static Place place(TaskContext task, String device) {
    SparkEnv environment = SparkEnv.get();
    return new Place(
        environment.blockManager().blockManagerId().host(),
        environment.executorId(),
        device,
        task.attemptNumber());
  }
}
