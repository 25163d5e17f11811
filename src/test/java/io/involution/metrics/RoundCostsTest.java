package io.involution.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class RoundCostsTest {
  private final List<MetricsRow> rows = new ArrayList<>();

  private void row(String json) throws IOException {
    rows.add(Json.MAPPER.readValue(json.replace('\'', '"'), MetricsRow.class));
  }

  private void worker(String model, int epoch, int worker, double steps) throws IOException {
    row(
        String.format(
            Locale.ROOT,
            "{'type':'worker','model':'%s','epoch':%d,'worker':%d,'host':'host%d',"
                + "'seconds':{'receive':0.5,'load':0.25,'steps':%s,'extract':0.75}}",
            model,
            epoch,
            worker,
            worker,
            steps));
  }

  private void round(String model, int epoch, double workers) throws IOException {
    round(model, epoch, workers, 0, 1);
  }

  private void round(String model, int epoch, double workers, int slowest, double skew)
      throws IOException {
    row(
        String.format(
            Locale.ROOT,
            "{'type':'round','model':'%s','epoch':%d,'skew':%s,'slowest_worker':%d,"
                + "'slowest_host':'host%d',"
                + "'seconds':{'broadcast':0.125,'workers':%s,'average':2}}",
            model,
            epoch,
            skew,
            slowest,
            slowest,
            workers));
  }

  @Test
  void slowestWorkerOfEachRoundCountsAndTheFirstEpochDoesNot() throws IOException {
    worker("a", 1, 0, 100);
    round("a", 1, 200);
    worker("b", 2, 5, 70);
    round("b", 2, 90);
    worker("a", 2, 0, 3);
    worker("a", 2, 1, 4);
    round("a", 2, 6);
    worker("a", 2, 0, 8);
    worker("a", 2, 1, 7);
    round("a", 2, 12);

    RoundCosts costs = RoundCosts.of(rows, "a");

    // Slowest: 4 + 1.5 of 6 seconds and 8 + 1.5 of 12: 0.5 and 2.5 are Spark's.
    assertThat(costs).isEqualTo(new RoundCosts(2, 2, 0.125, 0.5, 6, 1, 1.5, 2, costs.straggler()));
    assertThat(costs.total()).isCloseTo(0.125 + (6 + 12) / 2.0 + 2, offset(1e-12));
    assertThat(costs.overhead()).isCloseTo(costs.total() - 6, offset(1e-12));
  }

  @Test
  void stragglerIsWhoWasSlowestMostOften() throws IOException {
    worker("a", 1, 0, 100);
    worker("a", 1, 1, 1);
    round("a", 1, 200);
    for (double steps : new double[] {3, 6, 2}) {
      worker("a", 2, 0, steps);
      worker("a", 2, 1, 4);
      worker("a", 2, 2, 2);
      round("a", 2, 6, steps > 4 ? 0 : 1, Straggler.skew(steps, 4, 2));
    }

    // 4 over the mean of 3, 4, 2; 6 over that of 6, 4, 2; 4 over that of 2, 4, 2.
    double skew = (4 / 3.0 + 6 / 4.0 + 4 / (8 / 3.0)) / 3;
    assertThat(RoundCosts.of(rows, "a").straggler())
        .isEqualTo(new Straggler(skew, 1, "host1", 2, 3));
  }

  @Test
  void skewIsTheSlowestWorkersStepsOverTheMean() {
    assertThat(Straggler.skew(4, 12)).isEqualTo(1.5);
    assertThat(Straggler.skew(3, 3, 3)).isEqualTo(1);
    assertThat(Straggler.skew(0, 0)).isEqualTo(1);
  }

  @Test
  void onlyEpochCountsWhereThereIsOne() throws IOException {
    worker("a", 1, 0, 3);
    round("a", 1, 6);

    assertThat(RoundCosts.of(rows, "a").steps()).isEqualTo(3);
  }

  @Test
  void withoutRoundsThereIsNothingToSay() throws IOException {
    row("{'type':'worker','model':'a','epoch':1,'worker':0,'seconds':null}");
    row("{'type':'epoch','model':'a','epoch':1}");

    assertThat(RoundCosts.of(rows, "a")).isNull();
    assertThat(RoundCosts.of(List.of(), "a")).isNull();
  }
}
