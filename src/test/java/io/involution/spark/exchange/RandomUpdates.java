package io.involution.spark.exchange;

import io.involution.model.state.ModelState;
import io.involution.train.Place;
import io.involution.train.WorkerReport;
import io.involution.train.WorkerSeconds;
import io.involution.train.WorkerUpdate;
import io.involution.train.average.UpdateCheck;
import io.involution.train.time.Round;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Updates of a round that any JVM makes for itself: numbers of very different sizes, zeros of both
 * signs among them, and uneven weights.
 *
 * @param seed decides them
 * @param lengths entries of the sections, by name
 */
public record RandomUpdates(long seed, LinkedHashMap<String, Integer> lengths)
    implements java.io.Serializable {
  static final Round ROUND = new Round(2, 3, 16, 24, 40);
  private static final long START_STEPS = 56;
  private static final long END_STEPS = START_STEPS + 8;

  /** Updates of a model of the two sections that every one has. */
  public static RandomUpdates of(long seed, int parameters, int updater) {
    LinkedHashMap<String, Integer> lengths = new LinkedHashMap<>();
    lengths.put(ModelState.PARAMETERS, parameters);
    lengths.put(ModelState.UPDATER, updater);
    return new RandomUpdates(seed, lengths);
  }

  /** What the updates have to be. */
  public UpdateCheck check() {
    Map<String, float[]> start = new LinkedHashMap<>();
    lengths.forEach((name, length) -> start.put(name, new float[length]));
    return new UpdateCheck("involution", ROUND, new ModelState(START_STEPS, start));
  }

  /** The update of a worker. */
  public WorkerUpdate update(int worker) {
    SplittableRandom random = new SplittableRandom(seed * 1_000 + worker);
    Map<String, float[]> sections = new LinkedHashMap<>();
    lengths.forEach((name, length) -> sections.put(name, numbers(random, length)));
    int examples = 1 + random.nextInt(5_000);
    WorkerReport report =
        new WorkerReport(
            worker,
            examples,
            random.nextDouble() * examples,
            random.nextInt(examples),
            new WorkerSeconds(0.25, 0.5, 4, 1),
            new Place("host" + worker, "7", "cpu", 0));
    return new WorkerUpdate(report, new ModelState(END_STEPS, sections));
  }

  /** The updates of workers 0 to before {@code workers}. */
  public List<WorkerUpdate> updates(int workers) {
    List<WorkerUpdate> updates = new ArrayList<>();
    for (int worker = 0; worker < workers; worker++) {
      updates.add(update(worker));
    }
    return updates;
  }

  private static float[] numbers(SplittableRandom random, int length) {
    float[] numbers = new float[length];
    for (int i = 0; i < length; i++) {
      numbers[i] =
          switch (random.nextInt(8)) {
            case 0 -> -0f;
            case 1 -> 0f;
            case 2 -> Float.MIN_VALUE;
            default ->
                (float) ((random.nextDouble() - 0.5) * Math.pow(10, random.nextInt(30) - 15));
          };
    }
    return numbers;
  }
}
