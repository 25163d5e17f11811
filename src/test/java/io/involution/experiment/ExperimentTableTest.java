package io.involution.experiment;

import static io.involution.experiment.LedgerFixture.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.involution.failure.InputException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExperimentTableTest {
  private static final List<LedgerRow> ROWS =
      List.of(
          done("a", 1, "4", 1, 0.375),
          done("b", 1, "4", 2, 0.5),
          done("c", 2, "4", 1, 0.50),
          done("d", 2, "epoch", 1, 0.30),
          LedgerFixture.row("e", CellState.FAILED, Map.of("workers", 9)));

  private static List<String> csv(List<String> groupBy, String metric) {
    return new ExperimentTable(ROWS, groupBy, metric, Map.of()).csv().lines().toList();
  }

  @Test
  void meansAndSpreadsOverSeedsAreOfLikeCells() {
    List<String> lines = csv(List.of("workers", "period"), "test_accuracy");

    assertThat(lines.get(0))
        .isEqualTo("model,workers,averaging_period,cells,test_accuracy_mean,test_accuracy_sd,best");
    assertThat(lines.get(1)).startsWith("involution,1,4,2,0.4375,0.088388").endsWith(",false");
    assertThat(lines.get(2)).isEqualTo("involution,2,4,1,0.5,,true");
    assertThat(lines.get(3)).isEqualTo("involution,2,epoch,1,0.3,,false");
    assertThat(lines).hasSize(4);
  }

  @Test
  void withoutNamesAllThatDiffersButTheSeedCounts() {
    assertThat(csv(List.of(), "test_accuracy"))
        .hasSize(4)
        .first()
        .asString()
        .contains("workers")
        .contains("averaging_period")
        .doesNotContain("seed");
  }

  @Test
  void ofLossesTheLeastIsBest() {
    assertThat(csv(List.of("workers"), "test-loss").get(1))
        .startsWith("involution,1,2")
        .endsWith("true");
  }

  @Test
  void theTerminalsTableMarksTheBest() {
    String text = new ExperimentTable(ROWS, List.of("workers"), "test_accuracy", Map.of()).text();

    assertThat(text).contains("test accuracy", "± sd", "0.4375", "0.0884");
    assertThat(text.lines().filter(line -> line.endsWith("best"))).hasSize(1);
  }

  @Test
  void noneIsBestInATie() {
    List<LedgerRow> tied =
        List.of(done("a", 1, "4", 1, 0.5), done("b", 2, "4", 1, 0.5), done("c", 3, "4", 1, 0.25));

    ExperimentTable table = new ExperimentTable(tied, List.of(), "test_accuracy", Map.of());

    assertThat(table.text()).doesNotContain("best");
    assertThat(table.csv()).doesNotContain("true");
  }

  private static final List<LedgerRow> PAIRS =
      List.of(
          done("a", 1, "16", 1, 0.5),
          done("b", 1, "16", 2, 0.625),
          done("c", 1, "16", 3, 0.75),
          done("d", 8, "16", 3, 0.8),
          done("e", 8, "16", 1, 0.45),
          done("f", 8, "16", 2, 0.625),
          done("g", 8, "16", 4, 0.1),
          done("h", 8, "epoch", 1, 0.4));

  private static ExperimentTable paired(String setting, String value) {
    return new ExperimentTable(
        PAIRS, List.of("workers", "period"), "test_accuracy", Map.of(setting, value));
  }

  @Test
  void differencesArePairedBySeed() {
    List<String> lines = paired("workers", "1").csv().lines().toList();

    assertThat(lines.get(0)).endsWith(",best,pairs,difference_mean,difference_margin");
    assertThat(lines.get(1)).endsWith(",3,0.0,0.0");
    // 0.05, -0.05 and 0: sd 0.05, times 4.302653 (Student's t, 2 degrees) over the root of 3.
    String[] eight = lines.get(2).split(",", -1);
    assertThat(eight[7]).isEqualTo("3");
    assertThat(Double.parseDouble(eight[8])).isCloseTo(0, within(1e-12));
    assertThat(Double.parseDouble(eight[9])).isCloseTo(0.124207, within(1e-6));
    assertThat(lines.get(3)).startsWith("involution,8,epoch").contains(",1,-0.09").endsWith(",");
    assertThat(paired("workers", "1").text()).contains("95 % interval", "-0.1242 to +0.1242");
  }

  @Test
  void aNumberMayBeWrittenInAnotherWay() {
    assertThat(paired("workers", "1e0").csv()).isEqualTo(paired("workers", "1").csv());
  }

  @Test
  void aModelIsTheNetworkThatAllAreComparedWith() {
    List<LedgerRow> rows =
        List.of(
            done("convolution", "a", 2, "16", 1, 0.5),
            done("convolution", "b", 2, "16", 2, 0.5),
            done("involution", "c", 2, "16", 1, 0.75),
            done("involution", "d", 2, "16", 2, 0.75));
    Map<String, String> against = Map.of("model", "convolution", "workers", "2");

    assertThat(new ExperimentTable(rows, List.of("workers"), "test_accuracy", against).csv())
        .contains(
            "\nconvolution,2,2,0.5,0.0,false,2,0.0,0.0\n",
            "\ninvolution,2,2,0.75,0.0,false,2,0.25,0.0\n");
  }

  /** As where one cell trains both networks, and another only one of them. */
  @Test
  void aTrainingOfTwoCellsCountsOnce() {
    List<LedgerRow> rows =
        List.of(
            done("convolution", "a", 1, "4", 1, 0.5),
            done("convolution", "b", 1, "4", 2, 0.25),
            done("convolution", "c", 1, "4", 1, 0.5));
    Map<String, String> against = Map.of("workers", "1");

    assertThat(new ExperimentTable(rows, List.of("workers"), "test_accuracy", against).csv())
        .contains("\nconvolution,1,2,0.375,", ",2,0.0,0.0\n");

    rows = List.of(rows.get(0), done("convolution", "d", 1, "4", 1, 0.75));
    assertThat(new ExperimentTable(rows, List.of("workers"), "test_accuracy", Map.of()).csv())
        .as("the same parameters, evaluated in another way")
        .contains("\nconvolution,1,2,0.625,");
  }

  @Test
  void whatCannotBePairedIsRefused() {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> paired("wrokers", "1"))
        .withMessageContaining("--against has 'wrokers'");
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> paired("workers", "7"))
        .withMessageContainingAll(
            "--against matches no complete cell", "involution 1, involution 8");
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> paired("workers", "8"))
        .withMessageContainingAll("--against puts several cells with seed 1");
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(
            () ->
                new ExperimentTable(
                    PAIRS, List.of("workers"), "test_accuracy", Map.of("workers", "1")))
        .withMessageContainingAll("--group-by puts several cells with seed 1");
  }

  @Test
  void whatIsNotThereIsRefused() {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> csv(List.of("wrokers"), "test_accuracy"))
        .withMessageContainingAll("--group-by has 'wrokers'", "averaging_period, model");
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> csv(List.of("workers"), "speed"))
        .withMessageContainingAll("--metric speed", "test_accuracy, test_loss");
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> new ExperimentTable(List.of(), List.of(), "test_accuracy", Map.of()))
        .withMessageContaining("no cell is complete yet");
  }

  @Test
  void theStatusCountsAndNames() {
    ExperimentStatus status = new ExperimentStatus(ROWS);

    assertThat(status.line()).isEqualTo("5 cells: 4 done, 1 failed");
    assertThat(status.failures()).containsExactly("e failed after 1 attempts: the disk is full");
    assertThat(status.table())
        .contains("workers", "averaging period", "failed", "the disk is full");
  }
}
