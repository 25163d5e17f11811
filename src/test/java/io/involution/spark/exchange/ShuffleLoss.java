package io.involution.spark.exchange;

import io.involution.model.state.ModelState;
import io.involution.spark.ClusterSession;
import io.involution.spark.exchange.UpdateExchange.Averaged;
import io.involution.train.WorkerUpdate;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.util.LongAccumulator;

/**
 * The job of {@link ShuffleIT}: averages by collecting, by the shuffle, and by the shuffle while an
 * executor dies as soon as the first reducer has started.
 */
public final class ShuffleLoss {
  private static final int WORKERS = 6;

  private ShuffleLoss() {}

  /** Averages three times and prints what came out. */
  public static void main(String[] arguments) {
    try (ClusterSession session = ClusterSession.open("shuffle loss")) {
      JavaSparkContext context = session.context();
      RandomUpdates made = RandomUpdates.of(System.nanoTime(), 300_001, 600_007);
      LongAccumulator computed = context.sc().longAccumulator();
      List<Integer> numbers = IntStream.range(0, WORKERS).boxed().toList();
      JavaRDD<WorkerUpdate> updates =
          context
              .parallelize(numbers, WORKERS)
              .map(
                  worker -> {
                    computed.add(1);
                    return made.update(worker);
                  });
      print("collected", new CollectExchange().exchange(updates, made.check()));
      print("shuffled", new ShuffleExchange().exchange(updates, made.check()));
      long before = computed.value();
      Killer killer = new Killer();
      context.sc().addSparkListener(killer);
      print("disturbed", new ShuffleExchange().exchange(updates, made.check()));
      System.out.println("killed: " + killer.killed);
      System.out.println("computed again: " + (computed.value() - before - WORKERS));
    }
  }

  private static void print(String how, Averaged average) {
    ModelState mean = average.mean();
    ModelState updater = ModelState.of(0, mean.updater(), new float[0]);
    System.out.println(how + ": " + mean.parametersSha256() + " " + updater.parametersSha256());
  }

  /** Kills the executor of the first task that reads from a shuffle. */
  private static final class Killer extends SparkListener {
    private final Set<Integer> reducing = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean killed = new AtomicBoolean();

    @Override
    public void onStageSubmitted(SparkListenerStageSubmitted stage) {
      if (!stage.stageInfo().parentIds().isEmpty()) {
        reducing.add(stage.stageInfo().stageId());
      }
    }

    @Override
    public void onTaskStart(SparkListenerTaskStart task) {
      if (reducing.contains(task.stageId()) && killed.compareAndSet(false, true)) {
        String id = " --executor-id " + task.taskInfo().executorId() + " ";
        ProcessHandle.current()
            .children()
            .filter(child -> child.info().commandLine().orElse("").contains(id))
            .forEach(ProcessHandle::destroyForcibly);
      }
    }
  }
}
