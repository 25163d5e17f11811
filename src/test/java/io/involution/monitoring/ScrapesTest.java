package io.involution.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ScrapesTest {
  private static final InetAddress HERE = InetAddress.getLoopbackAddress();

  private final Scrapes scrapes = new Scrapes();
  private final long now = System.nanoTime();

  private static long seconds(long count) {
    return TimeUnit.SECONDS.toNanos(count);
  }

  @Test
  void aRunThatNobodyReadEndsAtOnce() {
    assertThat(scrapes.longest(now)).isZero();
    scrapes.await(now, () -> false);
  }

  @Test
  void aServerThatHasReadTheResultsIsNotWaitedFor() {
    scrapes.scraped(HERE, now + 1);
    assertThat(scrapes.longest(now)).isZero();
    scrapes.await(now, () -> false);
  }

  @Test
  void aServerIsWaitedForAsLongAsItsIntervalAndNeverMoreThanAMinute() {
    scrapes.scraped(HERE, now - seconds(5));
    assertThat(scrapes.longest(now)).isBetween(Duration.ofSeconds(40), Duration.ofSeconds(55));

    scrapes.scraped(HERE, now - 1);
    assertThat(scrapes.longest(now)).isLessThan(Duration.ofSeconds(7));

    scrapes.scraped(HERE, now - seconds(10_000));
    assertThat(scrapes.longest(now)).isNegative();
    scrapes.await(now, () -> false);
  }

  @Test
  void everyServerIsWaitedFor() throws Exception {
    InetAddress other = InetAddress.getByName("10.1.2.3");
    scrapes.scraped(HERE, now - 1);
    scrapes.scraped(other, now - 1);
    Thread waits = new Thread(() -> scrapes.await(now, () -> false));
    waits.start();

    scrapes.scraped(HERE, now + 1);
    assertThat(scrapes.longest(now)).isGreaterThan(Duration.ofSeconds(10));
    scrapes.scraped(other, now + 1);

    waits.join(seconds(50) / 1_000_000);
    assertThat(waits.isAlive()).isFalse();
  }

  @Test
  @Timeout(10)
  void whoeverStopsTheDriverDoesNotWait() {
    scrapes.scraped(HERE, now - 1);
    scrapes.await(now, () -> true);
  }
}
