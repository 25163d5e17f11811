package io.involution.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.config.ExchangeChoice;
import org.junit.jupiter.api.Test;

/** The table that a person plans by. */
class PlanTableTest {
  private static String table(int workers, ExchangeChoice exchange) {
    Cluster cluster = new Cluster(workers, 4, 8, exchange);
    return new PlanTable(RoundModelTest.COEFFICIENTS, cluster, 5).of("net", count -> 10);
  }

  @Test
  void doublesTheWorkersUpToTheirNumber() {
    assertThat(PlanTable.workers(1)).containsExactly(1);
    assertThat(PlanTable.workers(8)).containsExactly(1, 2, 4, 8);
    assertThat(PlanTable.workers(9)).containsExactly(1, 2, 4, 8, 9);
    assertThat(PlanTable.workers(Integer.MAX_VALUE)).hasSize(32);
  }

  @Test
  void hasTheModelsFiguresInMilliseconds() {
    // 200 + 8.7 + 4 + 40 + 18 ms; 400 examples in 270.7 ms.
    assertThat(table(8, ExchangeChoice.COLLECT).lines().toList())
        .hasSize(6)
        .last()
        .asString()
        .matches(
            "8 +10 +200\\.0 +8\\.7 +4\\.0 +40\\.0 +collect +18\\.0 +270\\.7 +1,478 +\\d+% +34");
  }

  @Test
  void saysWhenTheDriverWouldNotTakeAllUpdates() {
    assertThat(table(1073, ExchangeChoice.COLLECT)).doesNotContain("maxResultSize");
    assertThat(table(1074, ExchangeChoice.COLLECT))
        .contains("1,074 updates are 1.0 GiB", "spark.driver.maxResultSize");
    assertThat(table(1074, ExchangeChoice.SHUFFLE)).doesNotContain("maxResultSize");
  }
}
