package io.involution.cli;

import io.involution.data.DataSchema;
import io.involution.driver.input.Networks;
import io.involution.model.network.Network;
import io.involution.model.state.GraphState;
import io.involution.model.summary.NetworkSummary;
import io.involution.report.SummaryTable;
import java.util.concurrent.Callable;
import org.deeplearning4j.nn.graph.ComputationGraph;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
  @Mixin private SchemaFlags data;

  @Override
  public Integer call() {
    DataSchema schema = data.schema();
    for (Network network : Networks.read(TrainFlags.options(spec).model(), HadoopSettings.here())) {
      ComputationGraph graph = Networks.untrained(network, schema).build();
      System.out.println(
          SummaryTable.of(
              network.label(), NetworkSummary.of(graph, Networks.input(schema.image()))));
      GraphState.close(graph);
    }
    return 0;
  }
}
