package io.involution.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.involution.data.Shard;
import io.involution.data.ShardFixture;
import io.involution.metrics.Json;
import io.involution.spark.examples.ImageFiles;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;

/** The deep networks through the whole job, by what their recipes use, on tiny images. */
class DeepNetworksIT {
  @TempDir private Path folder;

  private static Shard examples(int size) {
    return ShardFixture.inTurns(size, 3);
  }

  private JsonNode train(String name, String... given) throws IOException {
    Path out = folder.resolve(name);
    List<String> command =
        new ArrayList<>(
            List.of(
                "train --workers 2 --batch-size 10 --averaging-period 2 --outer-step average"
                    .split(" ")));
    command.addAll(List.of("--optimizer", "nesterovs", "--learning-rate", "0.01"));
    command.addAll(List.of("--weight-decay", "0.001", "--label-smoothing", "0.2"));
    command.addAll(List.of("--normalize", "train", "--class-weights", "balanced"));
    command.addAll(List.of("--augment", "alternate-flip,reflect-shift:2"));
    command.addAll(List.of("--weight-average", "ema:0.9", "--test-time", "flip-shift"));
    command.addAll(List.of("--data", folder.resolve("images").toString(), "--image-size", "9x11"));
    command.addAll(List.of("--out", out.toString()));
    command.addAll(List.of(given));
    Submitted run = Submitted.shared(command.toArray(String[]::new));
    assertThat(run.code()).as(run.err()).isZero();
    return Json.tree(Files.readAllBytes(out.resolve("run.json"))).get("results");
  }

  private static String hash(JsonNode results, String network) {
    return results.get(network).get("parameters_sha256").asText();
  }

  @Test
  void trainResumeAndStartFromEachOther() throws IOException {
    ImageFiles.folder(folder.resolve("images/train"), examples(40));
    ImageFiles.folder(folder.resolve("images/test"), examples(10));

    JsonNode straight =
        train("straight", "--model", "deep-convolution,deep-involution", "--epochs", "2");
    train("stopped", "--model", "deep-involution", "--epochs", "1");
    JsonNode resumed = train("stopped", "--model", "deep-involution", "--epochs", "2", "--resume");

    assertThat(hash(resumed, "deep-involution"))
        .isEqualTo(hash(straight, "deep-involution"))
        .hasSize(64);
    // Of six involutions.
    JsonNode predictions =
        Json.tree(
            Files.readAllBytes(
                folder.resolve("straight/deep-involution/artifacts/predictions.json")));
    assertThat(predictions.at("/predictions/0/layers").size()).isEqualTo(4);
    assertThat(folder.resolve("straight/report/accuracy-operations.svg")).exists();
    JsonNode more =
        train(
            "more",
            "--model",
            "deep-involution",
            "--epochs",
            "1",
            "--init",
            folder.resolve("straight/deep-involution/model.zip").toString());

    assertThat(hash(more, "deep-involution")).isNotEqualTo(hash(straight, "deep-involution"));
    double[] filters = whitening("straight", "deep-involution");
    assertThat(filters).isEqualTo(whitening("straight", "deep-convolution"));
    assertThat(filters).isEqualTo(whitening("more", "deep-involution"));
    for (int i = 0; i < filters.length / 2; i++) {
      assertThat(filters[filters.length / 2 + i]).isEqualTo(-filters[i]);
    }
  }

  private double[] whitening(String run, String network) throws IOException {
    File file = folder.resolve(run + "/" + network + "/model.zip").toFile();
    ComputationGraph graph = ModelSerializer.restoreComputationGraph(file, false);
    double[] filters =
        graph
            .getLayer("whitening")
            .getParam("W")
            .dup('c')
            .castTo(DataType.DOUBLE)
            .data()
            .asDouble();
    graph.close();
    return filters;
  }
}
