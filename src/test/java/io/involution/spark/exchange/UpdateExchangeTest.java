package io.involution.spark.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.involution.config.training.ExchangeChoice;
import io.involution.failure.InputException;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpdateExchangeTest {
  private static final long MIB = 1 << 20;

  private static SparkConf conf(String maxResultSize) {
    SparkConf conf = new SparkConf(false);
    return maxResultSize == null ? conf : conf.set(ResultLimit.SETTING, maxResultSize);
  }

  @ParameterizedTest
  @CsvSource({
    // choice, workers, MiB an update, limit, class
    "AUTO, 1, 600, , CollectExchange",
    "AUTO, 2, 1, , CollectExchange",
    "AUTO, 2, 600, , ShuffleExchange",
    "AUTO, 2, 600, 0, ShuffleExchange",
    "AUTO, 2, 1, 1m, ShuffleExchange",
    "AUTO, 2, 1, 3m, CollectExchange",
    "COLLECT, 8, 600, 0, CollectExchange",
    "COLLECT, 8, 1, 9m, CollectExchange",
    "COLLECT, 8, 127, , CollectExchange",
    "SHUFFLE, 2, 1, , ShuffleExchange",
    "SHUFFLE, 1, 1, , CollectExchange",
    // Slices of one worker's update come where the whole cannot.
    "SHUFFLE, 1, 2, 1m, ShuffleExchange",
    "AUTO, 1, 2, 1m, ShuffleExchange"
  })
  void choosesWhatFits(
      ExchangeChoice choice, int workers, long megabytes, String limit, String expected) {
    UpdateExchange exchange = UpdateExchange.of(choice, workers, megabytes * MIB, conf(limit));

    assertThat(exchange.getClass().getSimpleName()).isEqualTo(expected);
  }

  @Test
  void autoShufflesFromTheMeasuredSize() {
    long least = ExchangeChoice.SHUFFLE_FROM_BYTES / 4;

    assertThat(UpdateExchange.of(ExchangeChoice.AUTO, 4, least, conf("0")))
        .isInstanceOf(ShuffleExchange.class);
    assertThat(UpdateExchange.of(ExchangeChoice.AUTO, 4, least * 9 / 10, conf("0")))
        .isInstanceOf(CollectExchange.class);
  }

  @Test
  void collectingMoreThanSparkLetsTheDriverTakeIsRefused() {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> UpdateExchange.of(ExchangeChoice.COLLECT, 8, 400 * MIB, conf(null)))
        .withMessage(
            "--exchange collect, or --updater-state local, brings 3,355,574,272 bytes of 8 updates"
                + " to the driver in every round, but spark.driver.maxResultSize is 1,073,741,824:"
                + " leave that option out, or raise the limit (0 means no limit)");
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> UpdateExchange.of(ExchangeChoice.COLLECT, 1, 2 * MIB, conf("2m")))
        .withMessageContaining("is 2,097,152");
  }

  @ParameterizedTest
  @CsvSource({
    // limit, workers, MiB of the model, slices, of them in one job
    "1g, 8, 400, 8, 8",
    "1g, 2, 400, 2, 2",
    "0, 2, 400, 2, 2",
    "0, 2, 4000, 16, 16",
    "1g, 2, 4000, 16, 2",
    "1m, 3, 6, 24, 1",
    "1m, 300, 6, 300, 2",
    "1g, 5, 0, 5, 5"
  })
  void slicesOfAJobStayBelowHalfTheLimit(
      String limit, int workers, long megabytes, int slices, int atOnce) {
    ResultLimit found = ResultLimit.of(conf(limit));

    assertThat(found.slices(workers, megabytes * MIB)).isEqualTo(slices);
    assertThat(found.slicesInOneJob(workers, megabytes * MIB)).isEqualTo(atOnce);
  }
}
