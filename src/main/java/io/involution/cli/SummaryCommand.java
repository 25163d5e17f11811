package io.involution.cli;

import io.involution.data.DataSchema;
import io.involution.data.ImageShape;
import io.involution.driver.input.Networks;
import io.involution.model.network.Network;
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
    for (Network network : Networks.read(TrainFlags.options(spec).model(), HadoopSettings.here())) {
      ComputationGraph graph = Networks.untrained(network, DataSchema.CIFAR10).build();
      System.out.println(
          SummaryTable.of(
              network.label(), NetworkSummary.of(graph, Networks.input(ImageShape.CIFAR10))));
      graph.close();
    }
    return 0;
  }
}
