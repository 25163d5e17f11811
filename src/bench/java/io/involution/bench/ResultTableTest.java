package io.involution.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResultTableTest {
  private static Entry entry(Contender contender, int threads, double... seconds) {
    Greeting greeting = new Greeting("any", new NetworkSize(0, 0), 2, 1, Map.of());
    return new Entry(new Entrant(contender, threads), greeting, seconds);
  }

  @Test
  void setsOursAgainstEachPeerAtItsBetterNumberOfThreads() {
    ResultTable table =
        new ResultTable(
            List.of(
                entry(Contender.OURS, 1, 4, 4),
                entry(Contender.PYTORCH, 1, 8, 8),
                entry(Contender.OURS, 2, 2, 3),
                entry(Contender.PYTORCH, 2, 10, 10),
                entry(Contender.GEMM, 2, 2, 2)));

    assertThat(table.ratios())
        .containsExactly(
            new ResultTable.Ratio(1, "pytorch", 1, new Spread(0.5, 0.5, 0.5)),
            new ResultTable.Ratio(2, "pytorch", 1, new Spread(0.3125, 0.25, 0.375)),
            new ResultTable.Ratio(2, "gemm", 2, new Spread(1.25, 1, 1.5)));
    assertThat(table.text()).contains("2 : pytorch, best with 1 threads", "0.313 (0.250-0.375)");
  }
}
