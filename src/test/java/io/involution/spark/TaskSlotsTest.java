package io.involution.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.involution.failure.InputException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaskSlotsTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  private final List<String> notices = new ArrayList<>();

  private TaskSlots slots(int found, int expected, boolean local) {
    return new TaskSlots(() -> found, expected, local, Duration.ZERO, notices::add);
  }

  @Test
  void withoutAWishEverySlotGetsAWorker() {
    assertThat(slots(4, 2, false).workers(Optional.empty(), LONG)).isEqualTo(4);
    assertThat(slots(4, 1, true).workers(Optional.empty(), LONG)).isEqualTo(4);
    assertThat(notices).isEmpty();
  }

  @Test
  void wishIsGrantedWhereThereAreSlotsEnough() {
    assertThat(slots(4, 4, false).workers(Optional.of(3), LONG)).isEqualTo(3);
    assertThat(notices).isEmpty();
  }

  @Test
  void localMasterTakesSeveralWavesWithANoticeAndWithoutWaiting() {
    assertThat(slots(2, 2, true).workers(Optional.of(5), LONG)).isEqualTo(5);
    assertThat(notices)
        .containsExactly("5 workers on 2 task slots: each round takes several waves");
  }

  @Test
  void clusterWithTooFewSlotsIsRefusedNamingBothNumbers() {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> slots(2, 2, false).workers(Optional.of(5), Duration.ofSeconds(0)))
        .withMessage(
            "2 task slots after 0 s, but 5 workers need one each: lower --workers, ask for more"
                + " executors, or raise --wait-for-slots");
  }

  @Test
  void clusterWithoutSlotsIsRefused() {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> slots(0, 2, false).workers(Optional.empty(), Duration.ZERO))
        .withMessageContaining("0 task slots");
  }

  @Test
  void executorsThatComeLateAreWaitedFor() {
    AtomicInteger asked = new AtomicInteger();
    TaskSlots late =
        new TaskSlots(
            () -> asked.incrementAndGet() < 3 ? 1 : 4, 4, false, Duration.ZERO, notices::add);

    assertThat(late.workers(Optional.of(4), LONG)).isEqualTo(4);
    assertThat(asked).hasValue(3);

    AtomicInteger again = new AtomicInteger();
    TaskSlots unasked =
        new TaskSlots(
            () -> again.incrementAndGet() < 3 ? 1 : 4, 4, false, Duration.ZERO, notices::add);
    assertThat(unasked.workers(Optional.empty(), LONG)).isEqualTo(4);
  }

  /** A standalone cluster's executors come one by one, and nothing says how many. */
  @Test
  void whereNobodySaysHowManyTheSlotsThatComeLateCount() {
    AtomicInteger asked = new AtomicInteger();
    TaskSlots slots =
        new TaskSlots(
            () -> Math.min(4, asked.incrementAndGet()),
            1,
            false,
            Duration.ofMillis(500),
            notices::add);

    assertThat(slots.workers(Optional.empty(), LONG)).isEqualTo(4);
    assertThat(slots.workers(Optional.of(2), LONG)).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({
    "spark://host:7077, , false",
    "spark://host:7077, 3, true",
    "k8s://host, , false",
    "'local-cluster[2,1,1024]', , true",
    "'local[2]', , true",
  })
  void theConfigurationMaySayHowMany(String master, String instances, boolean counted) {
    SparkConf conf = new SparkConf(false).set("spark.master", master);
    set(conf, "spark.executor.instances", instances);

    assertThat(TaskSlots.isCounted(conf)).isEqualTo(counted);
    assertThat(TaskSlots.isCounted(conf.set("spark.dynamicAllocation.enabled", "true"))).isTrue();
  }

  @Test
  void slotsAreCountedAnewWhenAsked() {
    AtomicInteger count = new AtomicInteger();
    TaskSlots slots = new TaskSlots(count::incrementAndGet, 1, true, Duration.ZERO, notices::add);

    assertThat(slots.now()).isEqualTo(1);
    assertThat(slots.now()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({
    // master, task cpus, executor cores, executor instances, slots
    "'local-cluster[2,3,1024]', , , , 6",
    "'local-cluster[2,3,1024]', 3, , , 2",
    "'local-cluster[ 2 , 4 , 1024 ]', 3, , , 2",
    "yarn, , 4, 3, 12",
    "yarn, 2, 5, 3, 6",
    "yarn, , , 3, 3",
    "yarn, , 4, , 4",
    "k8s://https://host:443, 4, 2, 3, 1",
    "spark://host:7077, , , , 1",
    "'local[8]', , , , 1",
    "'local[*]', , , , 1"
  })
  void configurationPromisesSlots(
      String master, String taskCpus, String cores, String instances, int expected) {
    SparkConf conf = new SparkConf(false).set("spark.master", master);
    set(conf, "spark.task.cpus", taskCpus);
    set(conf, "spark.executor.cores", cores);
    set(conf, "spark.executor.instances", instances);

    assertThat(TaskSlots.expected(conf)).isEqualTo(expected);
  }

  @Test
  void dynamicAllocationPromisesWhatItStartsWith() {
    SparkConf conf =
        new SparkConf(false)
            .set("spark.master", "yarn")
            .set("spark.executor.cores", "2")
            .set("spark.dynamicAllocation.minExecutors", "3")
            .set("spark.dynamicAllocation.initialExecutors", "4");
    assertThat(TaskSlots.expected(conf)).isEqualTo(2);
    conf.set("spark.dynamicAllocation.enabled", "true");
    assertThat(TaskSlots.expected(conf)).isEqualTo(8);
  }

  @ParameterizedTest
  @CsvSource({
    // master, dynamic, most executors, task cpus, slots
    "yarn, true, 5, , 20",
    "yarn, true, 5, 2, 10",
    "yarn, true, , , 2147483647",
    "yarn, true, 2000000000, , 2147483647",
    "yarn, false, 5, , 0",
    "'local[4]', true, 5, , 0"
  })
  void dynamicAllocationAddsUpToItsMostExecutors(
      String master, String dynamic, String executors, String taskCpus, int most) {
    SparkConf conf =
        new SparkConf(false).set("spark.master", master).set("spark.executor.cores", "4");
    set(conf, "spark.dynamicAllocation.enabled", dynamic);
    set(conf, "spark.dynamicAllocation.maxExecutors", executors);
    set(conf, "spark.task.cpus", taskCpus);

    assertThat(TaskSlots.most(conf)).isEqualTo(most);
    assertThat(slots(3, 1, false).most()).as("without it, as many as now").isEqualTo(3);
  }

  @Test
  void anExecutorsGpusBoundWhatItPromises() {
    SparkConf conf =
        new SparkConf(false)
            .set("spark.master", "yarn")
            .set("spark.executor.instances", "2")
            .set("spark.executor.cores", "8")
            .set("spark.executor.resource.gpu.amount", "1")
            .set("spark.task.resource.gpu.amount", "1");
    assertThat(TaskSlots.expected(conf)).isEqualTo(2);
    conf.set("spark.task.resource.gpu.amount", "0.5");
    assertThat(TaskSlots.expected(conf)).isEqualTo(4);
  }

  private static void set(SparkConf conf, String key, String value) {
    if (value != null) {
      conf.set(key, value);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "local, true",
    "'local[4]', true",
    "'local[*,3]', true",
    "'local-cluster[2,1,1024]', false",
    "yarn, false",
    "spark://localhost:7077, false"
  })
  void onlyTheLocalMasterIsOneJvm(String master, boolean local) {
    assertThat(ClusterSession.isLocal(master)).isEqualTo(local);
  }
}
