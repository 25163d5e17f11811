package io.involution.cli;

import io.involution.config.ModelChoice;
import io.involution.driver.input.Networks;
import io.involution.model.network.NetworkKind;
import io.involution.model.summary.NetworkSummary;
import io.involution.report.SummaryTable;
import java.util.concurrent.Callable;
import org.deeplearning4j.nn.graph.ComputationGraph;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Prints the networks' layers and parameters. */
@Command(
    name = "summary",
    description = "Prints the networks' layers, output shapes and parameter totals.",
    mixinStandardHelpOptions = true)
final class SummaryCommand implements Callable<Integer> {
  @Option(
      names = "--model",
      paramLabel = "NETWORK",
      description = "convolution, involution, involution-wide or both (default: the first two).")
  private String model = ModelChoice.BOTH.word();

  @Override
  public Integer call() {
    for (NetworkKind kind : Networks.of(ModelChoice.parse(model))) {
      ComputationGraph graph = Networks.untrained(kind).build();
      System.out.println(SummaryTable.of(kind.label(), NetworkSummary.of(graph, Networks.IMAGES)));
      graph.close();
    }
    return 0;
  }
}
