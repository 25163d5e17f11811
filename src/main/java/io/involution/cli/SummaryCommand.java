package io.involution.cli;

import io.involution.data.ImageShape;
import io.involution.driver.input.Networks;
import io.involution.model.network.NetworkKind;
import io.involution.model.summary.NetworkSummary;
import io.involution.report.SummaryTable;
import java.util.concurrent.Callable;
import org.deeplearning4j.nn.graph.ComputationGraph;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints the networks' layers and parameters. */
@Command(
    name = "summary",
    description = "Prints the layers, output shapes and numbers of parameters of the networks.",
    mixinStandardHelpOptions = true,
    modelTransformer = TrainFlags.class)
@Takes("model")
final class SummaryCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    for (NetworkKind kind : Networks.of(TrainFlags.options(spec).model())) {
      ComputationGraph graph = Networks.untrained(kind).build();
      System.out.println(
          SummaryTable.of(
              kind.label(), NetworkSummary.of(graph, Networks.input(ImageShape.CIFAR10))));
      graph.close();
    }
    return 0;
  }
}
