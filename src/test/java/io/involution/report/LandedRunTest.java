package io.involution.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.involution.evaluate.artifact.Confusion;
import io.involution.evaluate.artifact.Mistake;
import io.involution.evaluate.artifact.Prediction;
import io.involution.evaluate.artifact.Sample;
import io.involution.metrics.Json;
import io.involution.metrics.MetricsRow;
import io.involution.metrics.ModelResult;
import io.involution.model.summary.NetworkSummary;
import io.involution.report.run.ModelData;
import io.involution.report.run.RunData;
import io.involution.run.RunFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run's folder written by an earlier version, before one set of records wrote and read the files:
 * it is still reported, and the records write the same bytes.
 */
class LandedRunTest {
  private static final List<String> FILES =
      List.of(
          "run.json",
          "metrics.jsonl",
          "convolution/artifacts/confusion.json",
          "convolution/artifacts/mistakes.json",
          "convolution/artifacts/network.json",
          "convolution/artifacts/predictions.json",
          "convolution/artifacts/samples.json",
          "involution/artifacts/confusion.json",
          "involution/artifacts/mistakes.json",
          "involution/artifacts/network.json",
          "involution/artifacts/predictions.json");

  /** The color of the line at the reference run's accuracy in a chart of its own. */
  private static final String LEVEL = "rgb(107,114,128)";

  @TempDir private Path folder;

  @Test
  void isReported() throws IOException {
    RunData run = land("synthetic");
    Map<String, byte[]> files = RunReport.files(run);

    ModelData involution = run.models().get(1);
    assertThat(involution.parameters()).isEqualTo(13_080);
    assertThat(involution.epochs()).hasSize(2);
    assertThat(involution.workers()).hasSize(4);
    assertThat(involution.artifacts().predictions().get(0).layers().get(0).center().get(0))
        .hasDimensions(3, 3);
    assertThat(new String(files.get(RunReport.INDEX), StandardCharsets.UTF_8))
        .contains("id=\"kernels\"", "id=\"cluster\"", "id=\"mistakes\"");
    assertThat(new String(files.get("comparison.svg"), StandardCharsets.UTF_8))
        .startsWith("<svg ")
        .contains("Convolution", "Involution", "synthetic, 2 epochs, 2 workers, seed 42")
        .doesNotContain("var(--");
  }

  /** The reference run was trained on CIFAR-10. */
  @Test
  void isComparedWithTheReferenceRunOnlyOnTheSameData() throws IOException {
    Map<String, byte[]> synthetic = RunReport.files(land("synthetic"));

    for (Map.Entry<String, byte[]> file : synthetic.entrySet()) {
      String text = new String(file.getValue(), StandardCharsets.UTF_8);
      assertThat(text).as(file.getKey()).doesNotContainIgnoringCase("reference run", "ref. ");
      if (file.getKey().startsWith("accuracy-")) {
        assertThat(text).as(file.getKey()).doesNotContain(LEVEL);
      }
    }
    assertThat(synthetic).containsKey("accuracy-time-involution.svg");
    for (String dataset : List.of("cifar10", "cifar10-unverified")) {
      Map<String, byte[]> files = RunReport.files(land(dataset));
      assertThat(new String(files.get(RunReport.INDEX), StandardCharsets.UTF_8))
          .contains(
              "▲ reference run", "In small print: the reference run", "ref. ", ">reference run");
      for (String chart :
          List.of("accuracy-epochs-convolution.svg", "accuracy-time-involution.svg")) {
        assertThat(new String(files.get(chart), StandardCharsets.UTF_8)).contains(LEVEL);
      }
    }
  }

  private RunData land(String dataset) throws IOException {
    for (String file : FILES) {
      Files.createDirectories(folder.resolve(file).getParent());
      String text =
          text(file).replace("\"dataset\" : \"synthetic\"", "\"dataset\" : \"" + dataset + "\"");
      Files.writeString(folder.resolve(file), text);
    }
    return RunData.read(RunFolder.read(folder.toString(), new Configuration()));
  }

  @Test
  void itsRowsAreWrittenAsTheyWere() throws IOException {
    for (String line : text("metrics.jsonl").lines().toList()) {
      assertThat(Json.line(Json.MAPPER.readValue(line, MetricsRow.class))).isEqualTo(line);
    }
  }

  @Test
  void itsResultsAndArtifactsAreWrittenAsTheyWere() throws IOException {
    for (String model : List.of("convolution", "involution")) {
      JsonNode result = Json.MAPPER.readTree(text("run.json")).at("/results/" + model);
      assertThat(Json.line(Json.MAPPER.treeToValue(result, ModelResult.class)))
          .isEqualTo(Json.line(result));
      entry(model + "/artifacts/mistakes.json", "/mistakes/0", Mistake.class);
      entry(model + "/artifacts/predictions.json", "/test/0", Sample.class);
      entry(model + "/artifacts/predictions.json", "/predictions/0", Prediction.class);
      again(model + "/artifacts/confusion.json", Confusion.class);
      again(model + "/artifacts/network.json", NetworkSummary.class);
    }
  }

  @Test
  void fieldsOfOtherVersionsAreIgnored() throws IOException {
    String line = text("metrics.jsonl").lines().findFirst().orElseThrow();
    String other = line.replaceFirst("}$", ",\"from_another_version\":[1]}");

    assertThat(Json.MAPPER.readValue(other, MetricsRow.class))
        .isEqualTo(Json.MAPPER.readValue(line, MetricsRow.class));
  }

  private static void entry(String file, String pointer, Class<?> type) throws IOException {
    JsonNode entry = Json.MAPPER.readTree(text(file)).at(pointer);
    assertThat(Json.line(Json.MAPPER.treeToValue(entry, type))).isEqualTo(Json.line(entry));
  }

  private static void again(String file, Class<?> type) throws IOException {
    Object read = Json.MAPPER.readValue(text(file), type);
    assertThat(new String(Json.pretty(read), StandardCharsets.UTF_8)).isEqualTo(text(file));
  }

  private static String text(String file) throws IOException {
    try (var in = LandedRunTest.class.getResourceAsStream("landed-run/" + file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
