package io.involution.plan.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Processor time by threads. */
class ThreadTimesTest {
  @Test
  void threadsOfAPoolAreOne() throws InterruptedException {
    ThreadTimes before = ThreadTimes.now();
    CountDownLatch counted = new CountDownLatch(2);
    CountDownLatch end = new CountDownLatch(1);
    for (int i = 0; i < 2; i++) {
      Thread thread = new Thread(() -> count(counted, end), "counting-" + i);
      thread.setDaemon(true);
      thread.start();
    }
    counted.await();

    assertThat(ThreadTimes.now().since(before))
        .filteredOn(share -> share.threads().startsWith("counting"))
        .singleElement()
        .satisfies(share -> assertThat(share.seconds()).isPositive());
    end.countDown();
  }

  private static void count(CountDownLatch counted, CountDownLatch end) {
    long sum = 0;
    for (int i = 0; i < 20_000_000; i++) {
      sum += Long.hashCode(sum + i);
    }
    assertThat(sum).isNotNegative().isNotEqualTo(1);
    counted.countDown();
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
