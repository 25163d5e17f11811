package io.involution.plan.measure;

import io.involution.data.Shard;
import io.involution.model.state.ModelState;
import io.involution.spark.round.RoundTask;
import io.involution.train.Place;
import io.involution.train.WorkerReport;
import io.involution.train.WorkerSeconds;
import io.involution.train.WorkerUpdate;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.broadcast.Broadcast;

/**
 * A worker's round without local steps, as a Spark task.
 *
 * @param start model state at the round's start
 */
record InstantRoundTask(Broadcast<ModelState> start)
    implements Function2<Integer, Iterator<Shard>, Iterator<WorkerUpdate>> {

  @Override
  public Iterator<WorkerUpdate> call(Integer worker, Iterator<Shard> shards) {
    long begin = System.nanoTime();
    int examples = shards.next().size();
    ModelState state = start.value();
    double receiveSeconds = (System.nanoTime() - begin) / 1e9;
    Place place = RoundTask.place(TaskContext.get(), "none");
    WorkerReport report =
        new WorkerReport(worker, examples, 0, 0, new WorkerSeconds(receiveSeconds, 0, 0, 0), place);
    ModelState end = ModelState.of(state.steps() + 1, state.parameters(), state.updater());
    return List.of(new WorkerUpdate(report, end)).iterator();
  }
}
