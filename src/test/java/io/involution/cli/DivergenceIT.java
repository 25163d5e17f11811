package io.involution.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.driver.input.Networks;
import io.involution.metrics.Json;
import io.involution.model.SavedNetwork;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.network.NetworkKind;
import io.involution.model.state.GraphState;
import io.involution.model.state.ModelState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training that leaves the finite numbers ends in one line that says where. */
class DivergenceIT {
  @TempDir private Path folder;

  /** Finite parameters whose products are not. */
  @BeforeEach
  void writeModel() throws IOException {
    NetworkBlueprint blueprint = Networks.untrained(NetworkKind.CONVOLUTION);
    ComputationGraph graph = blueprint.build();
    ModelState state = GraphState.capture(graph);
    float[] huge = state.parameters().clone();
    for (int i = 0; i < huge.length; i++) {
      huge[i] *= 1e30f;
    }
    GraphState.restore(graph, state.with(ModelState.PARAMETERS, huge));
    Files.write(folder.resolve("huge.zip"), SavedNetwork.file(blueprint, graph));
    graph.close();
  }

  @Test
  void aLossThatIsNotFiniteStopsTheRunAndNamesTheWorker() throws IOException {
    Submitted run = Submitted.run("local", command("averaging"));

    assertThat(run.code()).as(run.err()).isEqualTo(1);
    assertThat(run.errorLines())
        .singleElement()
        .asString()
        .contains("worker 0", "convolution", "epoch 1, round 1", "--learning-rate");
    assertThat(run.err()).doesNotContain("\tat ");
    assertThat(folder.resolve("averaging/convolution/model.zip")).doesNotExist();
    assertThat(status("averaging")).isEqualTo("failed");
  }

  @Test
  void theOtherTrainerIsWatchedToo() throws IOException {
    Submitted run = Submitted.shared(command("dl4j-spark"));

    assertThat(run.code()).as(run.err()).isEqualTo(1);
    assertThat(run.errorLines())
        .singleElement()
        .asString()
        .contains("convolution", "after epoch 1", "--learning-rate");
    assertThat(folder.resolve("dl4j-spark/convolution/model.zip")).doesNotExist();
    assertThat(folder.resolve("dl4j-spark/metrics")).doesNotExist();
  }

  private String status(String name) throws IOException {
    return Json.tree(Files.readAllBytes(folder.resolve(name).resolve("run.json")))
        .path("status")
        .asText();
  }

  private String[] command(String trainer) {
    List<String> arguments = new ArrayList<>(List.of("train", "--model", "convolution"));
    arguments.addAll(List.of("--init", folder.resolve("huge.zip").toString()));
    arguments.addAll(List.of("--data", "synthetic", "--train-limit", "128"));
    arguments.addAll(List.of("--test-limit", "64", "--epochs", "2", "--workers", "2"));
    arguments.addAll(List.of("--batch-size", "32", "--trainer", trainer));
    arguments.addAll(List.of("--out", folder.resolve(trainer).toString()));
    return arguments.toArray(String[]::new);
  }
}
