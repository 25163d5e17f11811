package io.involution.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.involution.metrics.Json;
import io.involution.model.UserNetworks;
import io.involution.run.RunFolder;
import io.involution.run.RunFolder.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.learning.config.AMSGrad;

/** Networks of users, with real spark-submit. */
class UserNetworkIT {
  @TempDir private Path folder;

  @BeforeEach
  void writeNetworks() throws IOException {
    Files.writeString(folder.resolve("lenet.json"), UserNetworks.leNet().toJson());
    Files.writeString(
        folder.resolve("mixed.yaml"), UserNetworks.mixed(new AMSGrad(0.001), 0.8).toYaml());
  }

  private Submitted train(String model, String out, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of("train", "--model", model, "--data", "synthetic", "--train-limit", "128"));
    arguments.addAll(List.of("--test-limit", "64", "--batch-size", "64", "--normalize", "train"));
    arguments.addAll(List.of("--class-weights", "balanced"));
    arguments.addAll(List.of("--out", folder.resolve(out).toString()));
    arguments.addAll(more.length > 2 ? List.of() : List.of("--workers", "4", "--epochs", "3"));
    arguments.addAll(List.of(more));
    return Submitted.shared(arguments.toArray(String[]::new));
  }

  private JsonNode results(String run) throws IOException {
    return Json.tree(Files.readAllBytes(folder.resolve(run).resolve("run.json"))).path("results");
  }

  private static JsonNode timeless(JsonNode result) {
    return ((ObjectNode) result).without(List.of("seconds", "examples_per_second"));
  }

  /** Batch normalization, dropout, a schedule by epochs, states of two updaters, and pixels. */
  @Test
  void fourWorkersGoOnToTheSameBitsAndNeverWithAnotherNetwork() throws IOException {
    String both = folder.resolve("lenet.json") + "," + folder.resolve("mixed.yaml");
    Submitted whole = train(both, "whole");
    assertThat(whole.code()).as(whole.err()).isZero();
    assertThat(whole.out()).containsPattern("lenet +mixed");
    copy("whole", "stopped");
    DeadDriver.inEpoch(3, "mixed", folder.resolve("stopped"));

    Submitted resumed = train(both, "stopped", "--resume");

    assertThat(resumed.code()).as(resumed.err()).isZero();
    assertThat(resumed.out()).contains("resuming after epoch 2");
    for (String network : List.of("lenet", "mixed")) {
      assertThat(timeless(results("stopped").path(network)))
          .isEqualTo(timeless(results("whole").path(network)));
    }
    evaluatedAlike();
    Path changed = folder.resolve("lenet.json");
    Files.writeString(changed, Files.readString(changed).replace("\"seed\" : 7", "\"seed\" : 8"));
    Submitted other = train(both, "stopped", "--resume");
    assertThat(other.code()).isEqualTo(2);
    assertThat(other.errorLines()).singleElement().asString().contains("network lenet was ");
  }

  /** On one worker both trainers are DL4J on one machine. */
  @Test
  void dl4jsOwnTrainerTrainsThemToo() throws IOException {
    String lenet = folder.resolve("lenet.json").toString();
    Submitted ours = train(lenet, "ours", "--workers", "1", "--epochs", "1");
    Submitted dl4js =
        train(lenet, "dl4js", "--workers", "1", "--epochs", "1", "--trainer", "dl4j-spark");

    assertThat(ours.code()).as(ours.err()).isZero();
    assertThat(dl4js.code()).as(dl4js.err()).isZero();
    assertThat(results("dl4js").path("lenet").path("parameters_sha256"))
        .isEqualTo(results("ours").path("lenet").path("parameters_sha256"));
  }

  /** The models say themselves how they normalize. */
  private void evaluatedAlike() throws IOException {
    String run = folder.resolve("whole").toString();
    String out = folder.resolve("evaluated").toString();
    Submitted evaluated =
        Submitted.shared(
            "evaluate",
            run,
            "--data",
            "synthetic",
            "--test-limit",
            "64",
            "--workers",
            "4",
            "--out",
            out);
    assertThat(evaluated.code()).as(evaluated.err()).isZero();
    assertThatCode(() -> RunFolder.check(out, Mode.OVERWRITE, new Configuration()))
        .doesNotThrowAnyException();
    for (String network : List.of("lenet", "mixed")) {
      assertThat(results("evaluated").path(network).path("test_loss").asDouble())
          .isEqualTo(results("whole").path(network).path("test_loss").asDouble());
    }
  }

  @Test
  void whatCannotBeTrainedIsOneLineBeforeAnythingIsWritten() throws IOException {
    String json = Files.readString(folder.resolve("lenet.json"));
    List<String> hostile =
        List.of(
            json.replace("layers.DenseLayer", "layers.LSTM"),
            json.replace("org.deeplearning4j.nn.conf.layers.DenseLayer", "javax.swing.JFrame"),
            json.replace("\"nout\" : 20", "\"nout\" : 1000000"),
            json.replace("\"nout\" : 10", "\"nout\" : 11"),
            "[".repeat(100_000),
            "not a network");
    for (String text : hostile) {
      Path file = Files.writeString(folder.resolve("hostile.json"), text);

      Submitted refused = train("convolution," + file, "refused");

      assertThat(refused.code()).as(refused.err()).isEqualTo(2);
      assertThat(refused.errorLines())
          .singleElement()
          .asString()
          .startsWith("error: --model " + file)
          .contains(": ");
      assertThat(folder.resolve("refused")).doesNotExist();
    }
  }

  private void copy(String from, String to) throws IOException {
    Path source = folder.resolve(from);
    try (Stream<Path> files = Files.walk(source)) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(to).resolve(source.relativize(file)));
      }
    }
  }
}
