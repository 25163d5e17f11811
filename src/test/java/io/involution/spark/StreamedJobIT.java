package io.involution.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class StreamedJobIT {
  private static final CountDownLatch FIRST_RECEIVED = new CountDownLatch(1);
  private static JavaSparkContext context;

  @BeforeAll
  static void startSpark() {
    context = new JavaSparkContext(LocalSpark.conf("streamed", 2));
  }

  @AfterAll
  static void stopSpark() {
    context.close();
  }

  /** The second task ends only when the driver has the first one's result. */
  @Test
  void resultsAreHandedOnWhileOtherTasksRun() {
    JavaRDD<Integer> numbers = context.parallelize(List.of(0, 1), 2);
    List<Boolean> received = new ArrayList<>();

    StreamedJob.run(
        numbers.rdd(),
        Boolean.class,
        partition -> partition.next() == 0 || await(FIRST_RECEIVED),
        (result, place) -> {
          received.add(result);
          FIRST_RECEIVED.countDown();
        });

    assertThat(received).containsExactly(true, true);
  }

  private static boolean await(CountDownLatch latch) {
    try {
      return latch.await(60, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Test
  void aPartOfThePartitionsHasPlacesOfItsOwn() {
    JavaRDD<Integer> numbers = context.parallelize(List.of(10, 11, 12, 13), 4);
    Integer[] received = new Integer[2];

    StreamedJob.run(
        StreamedJob.part(numbers.rdd(), 1, 3),
        Integer.class,
        partition -> partition.next(),
        (result, place) -> received[place] = result);

    assertThat(received).containsExactly(11, 12);
  }

  @Test
  void aTaskThatFailsFailsTheJob() {
    JavaRDD<Integer> numbers = context.parallelize(List.of(0), 1);

    assertThatExceptionOfType(SparkException.class)
        .isThrownBy(
            () ->
                StreamedJob.run(
                    numbers.rdd(),
                    Integer.class,
                    partition -> 1 / partition.next(),
                    (result, place) -> {}))
        .withMessageContaining("ArithmeticException");
  }

  /** Java's serializer would make copies of both, and cannot read these at all. */
  @Test
  void objectsOfThisJvmAreHandedOnAsTheyAre() {
    Object shared = new Object();
    List<Object> received = new ArrayList<>();
    SharedValue<Object> value = SharedValue.of(context, shared, 0);

    StreamedJob.run(
        context.parallelize(List.of(0, 1), 2).rdd(),
        Object.class,
        partition -> value.value(),
        (result, place) -> received.add(result));
    value.close();

    assertThat(received).hasSize(2).allMatch(result -> result == shared);
    assertThatIllegalStateException().isThrownBy(value::value).withMessageContaining("is over");
  }
}
