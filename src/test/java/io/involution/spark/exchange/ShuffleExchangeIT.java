package io.involution.spark.exchange;

import static io.involution.model.FloatBits.bits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.involution.failure.RunFailedException;
import io.involution.model.state.ModelState;
import io.involution.spark.LocalSpark;
import io.involution.spark.exchange.UpdateExchange.Averaged;
import io.involution.train.DivergenceException;
import io.involution.train.RoundFixture;
import io.involution.train.WorkerReport;
import io.involution.train.WorkerUpdate;
import io.involution.train.average.UpdateCheck;
import io.involution.train.time.Round;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.LongAccumulator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** On three threads, with the least room for results that Spark should be given: 1 MiB a job. */
class ShuffleExchangeIT {
  private static final long SEED = new Random().nextLong();
  private static JavaSparkContext context;

  @BeforeAll
  static void startSpark() {
    context = new JavaSparkContext(LocalSpark.conf("shuffle", 3).set(ResultLimit.SETTING, "1m"));
  }

  @AfterAll
  static void stopSpark() {
    context.close();
  }

  private static JavaRDD<WorkerUpdate> onWorkers(List<WorkerUpdate> updates) {
    return context.parallelize(updates, updates.size());
  }

  private static void assertSame(ModelState found, ModelState expected) {
    assertThat(found.steps()).isEqualTo(expected.steps());
    assertThat(found.names()).containsExactlyElementsOf(expected.names());
    for (String name : expected.names()) {
      assertThat(bits(found.section(name))).as(name).isEqualTo(bits(expected.section(name)));
    }
  }

  @Test
  void shuffleAndCollectAgreeToTheBit() {
    Random random = new Random(SEED);
    for (int workers = 1; workers <= 9; workers++) {
      for (int most : new int[] {workers, 2_000}) {
        LinkedHashMap<String, Integer> lengths = new LinkedHashMap<>();
        lengths.put(ModelState.PARAMETERS, random.nextInt(most));
        lengths.put(ModelState.UPDATER, random.nextBoolean() ? 0 : random.nextInt(2 * most));
        if (random.nextBoolean()) {
          lengths.put("momentum", random.nextInt(most));
        }
        RandomUpdates made = new RandomUpdates(random.nextLong(), lengths);
        List<WorkerUpdate> updates = made.updates(workers);

        Averaged shuffled = new ShuffleExchange().exchange(onWorkers(updates), made.check());
        Averaged collected = new CollectExchange().exchange(onWorkers(updates), made.check());

        assertSame(shuffled.mean(), collected.mean());
        assertThat(shuffled.rounds()).isEqualTo(collected.rounds());
        assertThat(shuffled.bytes() * workers).isEqualTo(collected.bytes());
        assertThat(shuffled.workerSeconds()).isPositive();
        assertThat(shuffled.averageSeconds()).isPositive();
      }
    }
  }

  /** A single worker's, also where its update is more than Spark takes as a result. */
  @Test
  void roundsThatWereTakenAtOnceKeepTheirReports() {
    RandomUpdates made = RandomUpdates.of(SEED, 7, 14);
    UpdateCheck one = made.check();
    List<Round> rounds = List.of(new Round(2, 3, 16, 20, 40), new Round(2, 4, 20, 24, 40));
    UpdateCheck check = new UpdateCheck(one.model(), rounds, one.steps(), one.lengths());
    WorkerReport first = RandomUpdates.of(SEED + 1, 7, 14).update(0).report();
    WorkerUpdate last = made.update(0);
    List<WorkerUpdate> updates =
        List.of(new WorkerUpdate(List.of(first, last.report()), last.state()));

    for (UpdateExchange exchange : List.of(new ShuffleExchange(), new CollectExchange())) {
      Averaged averaged = exchange.exchange(onWorkers(updates), check);

      assertSame(averaged.mean(), last.state());
      assertThat(averaged.rounds()).containsExactly(List.of(first), List.of(last.report()));
    }
  }

  /** 6.4 MB come where 1 MiB may come at once; a third of it is more than a slice may be. */
  @Test
  void resultsBeyondWhatSparkTakesInOneJobComeInSeveral() {
    RandomUpdates made = RandomUpdates.of(SEED, 600_001, 1_000_003);
    LongAccumulator rounds = context.sc().longAccumulator();
    JavaRDD<WorkerUpdate> updates =
        context
            .parallelize(List.of(0, 1, 2), 3)
            .map(
                worker -> {
                  rounds.add(1);
                  return made.update(worker);
                });

    Averaged shuffled = new ShuffleExchange().exchange(updates, made.check());

    assertSame(shuffled.mean(), RoundFixture.mean(made.updates(3)));
    // Every worker has computed once, however many jobs it took.
    assertThat(rounds.value()).isEqualTo(3);
    // From executors; what tasks of this JVM give to CollectExchange, Spark does not see.
    assertThat(catchThrowable(updates::collect)).hasMessageContaining(ResultLimit.SETTING);
  }

  /** Each update as large as three may be: what Spark adds to them has its room. */
  @Test
  void whatTheLimitAllowsCanBeCollected() {
    ResultLimit limit = ResultLimit.of(context.getConf());
    int floats = (int) ((limit.bytes() - ResultLimit.collected(3, 0)) / 3 / Float.BYTES);
    RandomUpdates made = RandomUpdates.of(SEED, floats / 3, floats - floats / 3);
    long collected = ResultLimit.collected(3, made.check().bytes());
    assertThat(limit.allows(collected)).isTrue();
    assertThat(limit.allows(collected + 3 * Float.BYTES)).isFalse();

    assertThat(onWorkers(made.updates(3)).collect()).hasSize(3);
  }

  private static void assertSameFault(List<WorkerUpdate> updates, UpdateCheck check) {
    Throwable expected =
        catchThrowable(() -> new CollectExchange().exchange(onWorkers(updates), check));
    Throwable found =
        catchThrowable(() -> new ShuffleExchange().exchange(onWorkers(updates), check));

    assertThat(expected).isNotNull();
    assertThat(found).hasSameClassAs(expected).hasMessage(expected.getMessage());
  }

  private static List<WorkerUpdate> with(List<WorkerUpdate> updates, WorkerUpdate other) {
    List<WorkerUpdate> changed = new ArrayList<>(updates);
    changed.set(other.report().worker(), other);
    return changed;
  }

  private static WorkerUpdate with(WorkerUpdate update, ModelState state) {
    return new WorkerUpdate(update.report(), state);
  }

  private static WorkerUpdate withLoss(WorkerUpdate update, double lossSum) {
    WorkerReport report = update.report();
    return new WorkerUpdate(
        new WorkerReport(
            report.worker(),
            report.examples(),
            lossSum,
            report.correct(),
            report.seconds(),
            report.place()),
        update.state());
  }

  @Test
  void faultsOfUpdatesEndTheRoundAsTheyDoWhenCollected() {
    RandomUpdates made = RandomUpdates.of(SEED, 7, 14);
    UpdateCheck check = made.check();
    List<WorkerUpdate> sound = made.updates(4);
    ModelState second = sound.get(1).state();

    List<ModelState> faulty =
        List.of(
            second.with(ModelState.UPDATER, new float[13]),
            second.with(ModelState.PARAMETERS, new float[0]),
            second.with("surprise", new float[1]),
            // Of the right sizes, but not what the others have.
            second.with("surprise", new float[0]),
            ModelState.of(second.steps() - 1, second.parameters(), second.updater()),
            second.with(ModelState.UPDATER, last(14, Float.NaN)),
            second.with(ModelState.PARAMETERS, last(7, Float.NEGATIVE_INFINITY)));
    for (ModelState state : faulty) {
      List<WorkerUpdate> updates = with(sound, with(sound.get(1), state));
      assertSameFault(updates, check);
      // The first of two faults is the one that is told.
      assertSameFault(with(updates, withLoss(sound.get(3), Double.NaN)), check);
      assertSameFault(with(updates, withLoss(sound.get(0), Double.NaN)), check);
    }
    assertSameFault(List.of(sound.get(0), sound.get(2)), check);
  }

  private static float[] last(int length, float value) {
    float[] section = new float[length];
    section[length - 1] = value;
    return section;
  }

  @Test
  void faultsKeepTheirKind() {
    RandomUpdates made = RandomUpdates.of(SEED, 7, 14);
    List<WorkerUpdate> sound = made.updates(2);

    assertThat(
            catchThrowable(
                () ->
                    new ShuffleExchange()
                        .exchange(
                            onWorkers(with(sound, withLoss(sound.get(1), Double.NaN))),
                            made.check())))
        .isInstanceOf(DivergenceException.class)
        .hasMessageContaining("the loss of worker 1");
    assertThat(
            catchThrowable(
                () ->
                    new ShuffleExchange()
                        .exchange(onWorkers(List.of(sound.get(1), sound.get(1))), made.check())))
        .isExactlyInstanceOf(RunFailedException.class)
        .hasMessageContaining("the update of worker 0");
  }

  @Test
  void filesOfARoundAreDeletedAndThoseOfOthersAreNot() throws Exception {
    RandomUpdates made = RandomUpdates.of(SEED, 100, 200);
    // Kept, as the shards of a run are.
    JavaRDD<Integer> workers = context.parallelize(List.of(0, 1, 2), 3).repartition(3).cache();
    JavaRDD<WorkerUpdate> updates =
        workers
            .mapPartitionsWithIndex((worker, any) -> List.of(worker).iterator(), true)
            .map(made::update);

    for (int round = 0; round < 3; round++) {
      Averaged outcome = new ShuffleExchange().exchange(updates, made.check());
      assertSame(outcome.mean(), RoundFixture.mean(made.updates(3)));
    }

    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (shuffleFiles() > 3 && System.nanoTime() < deadline) {
      Thread.sleep(10);
    }
    // Those of the shuffle below what is kept, one a map.
    assertThat(shuffleFiles()).isEqualTo(3);
  }

  private static long shuffleFiles() throws IOException {
    long count = 0;
    for (File folder : SparkEnv.get().blockManager().diskBlockManager().localDirs()) {
      try (Stream<Path> files = Files.walk(folder.toPath())) {
        count += files.filter(file -> file.toString().endsWith(".data")).count();
      }
    }
    return count;
  }
}
