package io.involution.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Chunks of images on several threads. */
class ImageChunksTest {
  @AfterEach
  void oneThread() {
    ImageChunks.useThreads(1);
    Thread.interrupted();
  }

  /** Thousands of runs of short bodies: helpers come late, stay, leave, and come back. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 16})
  void everyChunkIsRunOnceAndIsDoneAtTheEnd(int threads) {
    ImageChunks.useThreads(threads);
    for (int round = 0; round < 3000; round++) {
      int images = round % 41;
      int[] seen = new int[images];
      AtomicIntegerArray inUse = new AtomicIntegerArray(threads);
      AtomicInteger clashes = new AtomicInteger();
      ImageChunks.run(
          images,
          (thread, chunk) -> {
            clashes.addAndGet(inUse.getAndIncrement(thread));
            for (int image = chunk.from(); image < chunk.to(); image++) {
              seen[image]++;
            }
            inUse.decrementAndGet(thread);
          });
      assertThat(seen).containsOnly(images == 0 ? new int[0] : new int[] {1});
      assertThat(clashes).as("two threads with one number").hasValue(0);
    }
  }

  /** Both threads have to be inside at once, or this would not end. */
  @Test
  void threadsWorkTogether() {
    ImageChunks.useThreads(2);
    for (int round = 0; round < 50; round++) {
      CountDownLatch both = new CountDownLatch(2);
      Map<Thread, Integer> numbers = new ConcurrentHashMap<>();
      ImageChunks.run(
          2,
          (thread, chunk) -> {
            numbers.put(Thread.currentThread(), thread);
            both.countDown();
            wait(both);
          });
      assertThat(numbers).hasSize(2);
      assertThat(Set.copyOf(numbers.values())).containsExactlyInAnyOrder(0, 1);
    }
  }

  private static void wait(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aFailureOfAnyThreadArrivesAndTheNextRunIsWhole() {
    ImageChunks.useThreads(2);
    for (int failing = 0; failing < 2; failing++) {
      int number = failing;
      CountDownLatch both = new CountDownLatch(2);
      assertThatThrownBy(
              () ->
                  ImageChunks.run(
                      2,
                      (thread, chunk) -> {
                        both.countDown();
                        wait(both);
                        if (thread == number) {
                          throw new IllegalArgumentException("too bad");
                        }
                      }))
          .hasStackTraceContaining("too bad")
          .isInstanceOf(number == 0 ? IllegalArgumentException.class : IllegalStateException.class);
      everyChunkIsRunOnceAndIsDoneAtTheEnd(2);
    }
  }

  @Test
  void whenBothFailBothAreTold() {
    ImageChunks.useThreads(2);
    CountDownLatch both = new CountDownLatch(2);
    assertThatThrownBy(
            () ->
                ImageChunks.run(
                    2,
                    (thread, chunk) -> {
                      both.countDown();
                      wait(both);
                      throw new IllegalArgumentException("thread " + thread);
                    }))
        .hasMessage("thread 0")
        .satisfies(e -> assertThat(e.getSuppressed()[0]).hasMessage("thread 1"));
  }

  @Test
  void anInterruptionWaitsForTheOtherThreadAndIsKept() {
    ImageChunks.useThreads(2);
    CountDownLatch both = new CountDownLatch(2);
    AtomicInteger done = new AtomicInteger();
    ImageChunks.run(
        2,
        (thread, chunk) -> {
          both.countDown();
          wait(both);
          if (thread == 0) {
            Thread.currentThread().interrupt();
          } else {
            pause();
          }
          done.incrementAndGet();
        });
    assertThat(done).hasValue(2);
    assertThat(Thread.interrupted()).isTrue();
  }

  /** Longer than a thread spins. */
  private static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
