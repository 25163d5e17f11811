package io.involution.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.evaluate.ConfusionCounts;
import io.involution.evaluate.Evaluation;
import io.involution.metrics.ClassResult;
import io.involution.metrics.ModelResult;
import io.involution.metrics.ModelResult.ParameterCounts;
import io.involution.metrics.RoundCosts;
import io.involution.metrics.Straggler;
import io.involution.model.summary.NetworkSummary;
import io.involution.model.summary.NetworkSummary.LayerRow;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TablesTest {
  private static ModelResult convolution(Integer bestEpoch) {
    boolean validated = bestEpoch != null;
    return new ModelResult(
        0.73041,
        0.89618,
        0.8531,
        0.41,
        new ParameterCounts(319_178, 0),
        "abc",
        1234.6,
        1002.25,
        20,
        bestEpoch,
        validated ? 0.75 : null,
        validated ? 0.7305 : null,
        "epochs",
        null,
        null,
        null,
        null);
  }

  private static ModelResult involution(Integer bestEpoch) {
    boolean validated = bestEpoch != null;
    return new ModelResult(
        0.4719,
        1.5096,
        null,
        null,
        new ParameterCounts(13_074, 6),
        "def",
        999.4,
        61.04,
        20,
        bestEpoch,
        validated ? 0.5 : null,
        validated ? 0.47 : null,
        "epochs",
        null,
        null,
        null,
        null);
  }

  private static Map<String, ModelResult> both(ModelResult first, ModelResult second) {
    Map<String, ModelResult> results = new LinkedHashMap<>();
    results.put("convolution", first);
    results.put("involution", second);
    return results;
  }

  @Test
  void comparisonOfBothNetworks() {
    assertThat(Comparison.table(both(convolution(null), involution(null)), 20))
        .isEqualTo(
            """
                                                  convolution  involution
            -------------------------------------------------------------
            test accuracy                              0.7304      0.4719
            test loss                                  0.8962      1.5096
            train accuracy                             0.8531           -
            train loss                                 0.4100           -
            parameters                                319,178      13,080
              trainable                               319,178      13,074
              non-trainable                                 0           6
            accuracy points per 1,000 parameters        0.229       3.608
            training examples/s                         1,235         999
            seconds                                   1,002.3        61.0
            """);
  }

  @Test
  void comparisonWithValidationHasItsRows() {
    assertThat(Comparison.table(both(convolution(17), involution(20)), 20).lines())
        .contains(
            "best epoch                                     17          20",
            "validation accuracy                        0.7500      0.5000",
            "its test accuracy                          0.7305      0.4700");
  }

  @Test
  void whatOnlyOneNetworkHasIsADashInTheOthersColumn() {
    assertThat(Comparison.table(both(convolution(17), involution(null)), 20).lines())
        .contains(
            "best epoch                                     17           -",
            "validation accuracy                        0.7500           -",
            "its test accuracy                          0.7305           -");
  }

  @Test
  void comparisonOfOneNetworkHasOneColumn() {
    assertThat(Comparison.table(Map.of("involution", involution(null)), 20).lines())
        .startsWith(
            "                                      involution",
            "------------------------------------------------",
            "test accuracy                             0.4719");
  }

  @Test
  void summaryOfANetwork() {
    NetworkSummary summary =
        new NetworkSummary(
            List.of(
                new LayerRow("involution1", "Involution", "3 x 16 x 16", 26, 81_920),
                new LayerRow("output", "OutputLayer", "10", 12_650, 25_280)),
            12_674,
            2,
            25_348);

    assertThat(SummaryTable.of("involution", summary))
        .isEqualTo(
            """
            involution network

            layer               type  output shape  parameters
            --------------------------------------------------
            involution1   Involution   3 x 16 x 16          26
            output       OutputLayer            10      12,650

            total            38,024  148.5 KiB
              trainable      12,674   49.5 KiB
              non-trainable       2    0.0 KiB
              optimizer      25,348   99.0 KiB
            """);
    NetworkSummary large = new NetworkSummary(List.of(), 800_000_000, 0, 1_600_000_000);
    assertThat(SummaryTable.of("large", large))
        .contains("2,400,000,000  9,375,000.0 KiB", "1,600,000,000  6,250,000.0 KiB");
  }

  @Test
  void evaluationOfAModel() {
    List<String> names =
        List.of("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine");
    long[][] confusion = new long[10][10];
    confusion[0][0] = 1500;
    confusion[0][1] = 500;
    confusion[1][1] = 1500;

    List<String> lines =
        EvaluationTable.of(new Evaluation(7000, confusion), names).lines().toList();

    assertThat(lines.subList(0, 4))
        .containsExactly(
            "test accuracy  0.8571", "test loss      2.0000", "examples        3,500", "");
    assertThat(lines.get(4))
        .startsWith("label \\ prediction  zero   one  two")
        .endsWith("recall  precision");
    assertThat(lines.get(6).split(" +", -1))
        .containsExactly(
            "zero", "1500", "500", "0", "0", "0", "0", "0", "0", "0", "0", "0.7500", "1.0000");
    assertThat(lines.get(7).split(" +", -1))
        .startsWith("one", "0", "1500")
        .endsWith("1.0000", "0.7500");
    assertThat(lines.get(8)).as("no example").endsWith("     -          -");
  }

  private static ModelResult withClasses(int classes) {
    List<ClassResult> results =
        IntStream.range(0, classes)
            .mapToObj(i -> new ClassResult("class-" + i, i == 3 ? null : i / 100.0, i == 3 ? 0 : 7))
            .toList();
    return involution(null).with(results);
  }

  @Test
  void accuracyByClass() {
    assertThat(ClassTable.of(Map.of("involution", involution(null)))).isEmpty();
    assertThat(ClassTable.of(Map.of("involution", withClasses(10))).lines().toList())
        .hasSize(12)
        .startsWith("test accuracy by class  involution  examples")
        .contains("class-3                          -         0");
    List<String> many = ClassTable.of(Map.of("involution", withClasses(50))).lines().toList();
    assertThat(many).hasSize(12).startsWith("lowest test accuracy by class  involution  examples");
    assertThat(many.get(2)).startsWith("class-0 ");
    assertThat(many).last().asString().startsWith("class-10 ");
  }

  @Test
  void evaluationOfManyClassesShowsTheLowest() {
    ConfusionCounts counts = new ConfusionCounts(200);
    for (int label = 0; label < 200; label++) {
      counts.add(label, label, label + 1);
      counts.add(label, 199 - label, 10);
    }
    List<String> names = IntStream.range(0, 200).mapToObj(i -> "class-" + i).toList();

    List<String> lines =
        EvaluationTable.of(new Evaluation(7000, counts, List.of()), names).lines().toList();

    assertThat(lines).hasSize(4 + 2 + 20);
    assertThat(lines.get(4)).isEqualTo("lowest recall by class  recall  precision  examples");
    assertThat(lines.get(6)).startsWith("class-0 ").endsWith("11");
  }

  @Test
  void costsOfARound() {
    Straggler straggler = new Straggler(1.254, 1, "slow.example", 4, 5);
    RoundCosts costs = new RoundCosts(5, 2, 0.001, 0.002, 1.5, 0.003, 0.484, 0.01, straggler);

    assertThat(RoundCostTable.of(Map.of("convolution", costs)))
        .isEqualTo(
            """
            milliseconds per round             convolution   share
            ------------------------------------------------------
            local steps of the slowest worker      1,500.0   75.0%
            broadcast                                  1.0    0.1%
            receive                                    2.0    0.1%
            copy in and out of the network             3.0    0.2%
            schedule and collect                     484.0   24.2%
            average                                   10.0    0.5%
            ------------------------------------------------------
            besides local steps                      500.0   25.0%
            whole round                            2,000.0  100.0%
            convolution: the slowest worker's local steps took 1.25 times the average; \
            worker 1 (slow.example) was the slowest in 4 of 5 rounds
            """);

    RoundCosts alone = new RoundCosts(5, 1, 0.001, 0.002, 1.5, 0.003, 0.484, 0.01, straggler);
    assertThat(RoundCostTable.of(Map.of("convolution", alone))).endsWith("2,000.0  100.0%\n");
  }

  @Test
  void textTableAlignsAndRules() {
    TextTable table = new TextTable();
    table.row("a", "bb", "").rule().row("cccc", "d", "x").rule().row("", "", "");

    assertThat(table.toString()).isEqualTo("a     bb\n-----------\ncccc   d  x\n-----------\n\n");
  }
}
