package io.involution.train.average;

import static io.involution.model.FloatBits.bits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.involution.model.state.ModelState;
import io.involution.spark.exchange.RandomUpdates;
import io.involution.train.DivergenceException;
import io.involution.train.RoundFixture;
import io.involution.train.WorkerUpdate;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CollectedMeanTest {
  private static final long SEED = new Random().nextLong();

  private static List<Integer> anyOrder(int workers, Random random) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, workers).boxed().toList());
    Collections.shuffle(order, random);
    return order;
  }

  @Test
  void updatesInAnyOrderHaveTheMeanOfWorkerOrder() {
    Random random = new Random(SEED);
    for (int workers = 1; workers <= 9; workers++) {
      RandomUpdates made =
          RandomUpdates.of(random.nextLong(), random.nextInt(40_000), random.nextInt(2_000));
      CollectedMean mean = new CollectedMean(made.check(), workers);

      anyOrder(workers, random).forEach(worker -> mean.put(made.update(worker), worker));

      List<WorkerUpdate> updates = made.updates(workers);
      ModelState found = mean.state();
      ModelState expected = RoundFixture.mean(updates);
      assertThat(found.steps()).isEqualTo(expected.steps());
      assertThat(bits(found.parameters())).isEqualTo(bits(expected.parameters()));
      assertThat(bits(found.updater())).isEqualTo(bits(expected.updater()));
      assertThat(mean.rounds())
          .isEqualTo(List.of(updates.stream().map(WorkerUpdate::report).toList()));
      assertThat(mean.bytes())
          .isEqualTo(updates.stream().mapToLong(update -> update.state().bytes()).sum());
    }
  }

  @Test
  void theFirstWorkersFaultIsToldWhateverComesFirst() {
    RandomUpdates made = RandomUpdates.of(SEED, 7, 14);
    Random random = new Random(SEED);
    for (int attempt = 0; attempt < 20; attempt++) {
      CollectedMean mean = new CollectedMean(made.check(), 5);

      for (int worker : anyOrder(5, random)) {
        WorkerUpdate update = made.update(worker);
        mean.put(worker == 2 || worker == 4 ? diverged(update) : update, worker);
      }

      assertThatExceptionOfType(DivergenceException.class)
          .isThrownBy(mean::state)
          .withMessageContaining("the update of worker 2");
    }
  }

  private static WorkerUpdate diverged(WorkerUpdate update) {
    float[] parameters = update.state().parameters().clone();
    parameters[3] = Float.NaN;
    return new WorkerUpdate(
        update.report(), update.state().with(ModelState.PARAMETERS, parameters));
  }

  @Test
  void updatesThatAreMissingAreNoticed() {
    RandomUpdates made = RandomUpdates.of(SEED, 7, 14);
    for (List<Integer> come : List.of(List.<Integer>of(), List.of(0, 1), List.of(0, 2))) {
      CollectedMean mean = new CollectedMean(made.check(), 3);

      come.forEach(worker -> mean.put(made.update(worker), worker));

      assertThatIllegalStateException().isThrownBy(mean::state).withMessageContaining("missing");
    }
  }

  /** However many workers there are, the driver keeps those alone that wait for an earlier one. */
  @Test
  void updatesAreLetGoWhileOthersAreStillToCome() throws InterruptedException {
    RandomUpdates made = RandomUpdates.of(SEED, 1_000, 2_000);
    CollectedMean mean = new CollectedMean(made.check(), 3);

    WeakReference<ModelState> second = taken(mean, made, 1);
    System.gc();
    assertThat(second.get()).isNotNull();
    WeakReference<ModelState> first = taken(mean, made, 0);

    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while ((first.get() != null || second.get() != null) && System.nanoTime() < deadline) {
      System.gc();
      Thread.sleep(10);
    }
    assertThat(first.get()).isNull();
    assertThat(second.get()).isNull();
    mean.put(made.update(2), 2);
    assertThat(bits(mean.state().parameters()))
        .isEqualTo(bits(RoundFixture.mean(made.updates(3)).parameters()));
  }

  private static WeakReference<ModelState> taken(
      CollectedMean mean, RandomUpdates made, int worker) {
    WorkerUpdate update = made.update(worker);
    mean.put(update, worker);
    return new WeakReference<>(update.state());
  }
}
