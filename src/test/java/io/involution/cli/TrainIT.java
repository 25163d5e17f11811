package io.involution.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.involution.cluster.RunFigures;
import io.involution.cluster.SmallRun;
import io.involution.data.Sha256;
import io.involution.metrics.Json;
import io.involution.site.FieldsPage;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The train command with real spark-submit, in one JVM and on executors of their own. Where no
 * process is of interest the tests share a driver.
 */
class TrainIT {
  private static final List<String> SMALL =
      List.of("--data", "synthetic", "--train-limit", "200", "--test-limit", "50");

  /** Compiled as users' executors are; all others here have the JVM's first compiler alone. */
  private static final String BOTH_COMPILERS =
      "spark.executor.extraJavaOptions=" + SmallRun.quickOptions() + " -XX:TieredStopAtLevel=4";

  private static final List<String> ARTIFACTS =
      List.of(
          "confusion.json", "mistakes.json", "network.json", "predictions.json", "samples.json");

  @TempDir private static Path folder;
  private static Submitted run;

  /** One run for all tests that only look at it. */
  @BeforeAll
  static void trainOnce() {
    run =
        shared(
            "run",
            "--workers",
            "2",
            "--epochs",
            "1",
            "--images",
            "17,40",
            "--tensorboard",
            "--mlflow",
            "http://me:word@127.0.0.1:9");
    assertThat(run.code()).as(run.err()).isZero();
  }

  @Test
  void sameRunGivesSameBitsInOneJvmAndOnExecutors() throws IOException {
    Submitted first = shared("first", "--workers", "2", "--epochs", "2");
    List<String> command = new ArrayList<>(List.of("--conf", BOTH_COMPILERS));
    command.addAll(List.of(arguments("cluster", "--workers", "2", "--epochs", "2")));
    Submitted cluster = Submitted.run("local-cluster", command.toArray(String[]::new));

    assertThat(first.code()).as(first.err()).isZero();
    assertThat(cluster.code()).as(cluster.err()).isZero();
    for (String model : List.of("convolution", "involution")) {
      JsonNode here = result("first", model);
      JsonNode there = result("cluster", model);
      assertThat(here.get("parameters_sha256")).isEqualTo(there.get("parameters_sha256"));
      assertThat(here.get("test_loss").asDouble()).isEqualTo(there.get("test_loss").asDouble());
      assertThat(here.get("train_loss").asDouble()).isEqualTo(there.get("train_loss").asDouble());
    }
    assertThat(first.out()).contains("convolution", "involution", "test accuracy", "written to");
    assertThat(executors("cluster")).hasSize(2).doesNotContain("driver");
  }

  @Test
  void writesWhatTheContractNames() throws IOException {
    JsonNode record = record("run");
    assertThat(record.get("dataset").asText()).isEqualTo("synthetic");
    assertThat(record.get("workers").asInt()).isEqualTo(2);
    assertThat(record.at("/results/convolution/parameters/trainable").asInt()).isEqualTo(319_178);
    assertThat(record.at("/results/involution/parameters/trainable").asInt()).isEqualTo(13_074);
    assertThat(record.at("/results/involution/parameters/non_trainable").asInt()).isEqualTo(6);
    assertThat(names(folder.resolve("run/involution/artifacts")))
        .containsExactlyInAnyOrderElementsOf(ARTIFACTS);
    assertListed("run.json", record);
    for (JsonNode row : rows("run")) {
      String type = ((ObjectNode) row).remove("type").asText();
      assertListed("metrics.jsonl`, lines whose `type` is `" + type, row);
    }
    for (String file : ARTIFACTS) {
      assertListed("MODEL/artifacts/" + file, json("run/involution/artifacts/" + file));
    }
    long examples = 0;
    for (JsonNode row : rows("run")) {
      if (row.get("type").asText().equals("worker")
          && row.get("model").asText().equals("involution")) {
        examples += row.get("examples").asLong();
      }
    }
    assertThat(examples).isEqualTo(200);
    for (String model : List.of("convolution", "involution")) {
      Path file = folder.resolve("run/" + model + "/model.zip");
      ComputationGraph graph = ModelSerializer.restoreComputationGraph(file.toFile());
      assertThat(graph.numParams()).isIn(319_178L, 13_080L);
      graph.close();
    }
  }

  /** Every field is on the page of fields, under the file's heading. */
  private static void assertListed(String file, JsonNode json) {
    String page = FieldsPage.text() + "\n## ";
    int from = page.indexOf("\n## `" + file + "`\n");
    assertListed("", json, page.substring(from, page.indexOf("\n## ", from + 1)));
  }

  private static void assertListed(String prefix, JsonNode json, String page) {
    for (Map.Entry<String, JsonNode> field : json.properties()) {
      String name = prefix + field.getKey();
      assertThat(page).contains("\n| `" + name + "` | ");
      // What else lies in objects has any name.
      if (page.contains("\n| `" + name + "[].")) {
        field.getValue().forEach(value -> assertListed(name + "[].", value, page));
      } else if (page.contains("\n| `" + name + ".")) {
        assertListed(name + ".", field.getValue(), page);
      }
    }
  }

  @Test
  void drawsItsReportAndTellsTrackersThatMayBeAway() throws IOException {
    assertThat(run.out()).contains("report in ").containsOnlyOnce("MLflow at http://127.0.0.1:9");
    assertThat(run.out()).doesNotContain("word");
    String page = Files.readString(folder.resolve("run/report/index.html"));
    assertThat(page).contains("test image 17", "test image 40", "built-in synthetic");
    String accuracy = result("run", "involution").get("test_accuracy").asText();
    assertThat(page)
        .contains(
            String.format(
                Locale.ROOT,
                "value=\"%s\" data-from=\"run.json#/results/involution/test_accuracy\"",
                accuracy));
    assertThat(names(folder.resolve("run/report")))
        .contains("accuracy-epochs-convolution.png", "kernels-involution-1.png", "samples.png");
    // The first of the two is the epoch's, the second has the pictures.
    assertThat(names(folder.resolve("run/tensorboard/involution"))).hasSize(2);
    assertThat(Files.readString(folder.resolve("run/run.json"))).doesNotContain("word");
    // Synthetic data are compared with nothing.
    for (String text : List.of(run.out(), page, Files.readString(folder.resolve("run/run.json")))) {
      assertThat(text).doesNotContainIgnoringCase("reference", "0.7304", "0.4719", "Keras");
    }
  }

  @Test
  void anImageThatIsNotThereIsRefusedBeforeTraining() {
    Submitted refused = shared("none", "--images", "50");

    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.errorLines()).singleElement().asString().contains("--images has 50", "49");
    assertThat(folder.resolve("none")).doesNotExist();
  }

  @Test
  void goesOnAfterItsLastCheckpointToTheSameBits() throws IOException {
    String[] options = {"--workers", "2", "--epochs", "3", "--model", "involution"};
    assertThat(shared("stopped", options).code()).isZero();

    goesOnToTheSameBits("stopped", options);

    assertThat(record("stopped").get("attempt").asInt()).isEqualTo(2);
    String[] resume =
        Stream.concat(Stream.of(options), Stream.of("--resume")).toArray(String[]::new);
    damagedFilesAreRefusedAndRepaired(folder.resolve("stopped"), resume);
    moreEpochsGiveTheBitsOfARunThatWasToHaveThem("stopped");
  }

  private static void moreEpochsGiveTheBitsOfARunThatWasToHaveThem(String whole)
      throws IOException {
    String[] options = {"--workers", "2", "--model", "involution"};
    assertThat(shared("further", with(options, "--epochs", "1")).code()).isZero();

    Submitted further = shared("further", with(options, "--epochs", "3", "--resume"));

    assertThat(further.code()).as(further.err()).isZero();
    assertThat(further.out()).contains("the run goes on for longer", "resuming after epoch 1");
    assertThat(result("further", "involution").get("parameters_sha256"))
        .isEqualTo(result(whole, "involution").get("parameters_sha256"));
    assertThat(rows("further").stream().filter(row -> row.get("type").asText().equals("epoch")))
        .hasSize(3);
  }

  /** With a step size of almost nothing, the first epoch stays the best. */
  @Test
  void aRunThatStopsEarlyIsCompleteAndGoesOnWhereItIsToldTo() throws IOException {
    String[] options = {
      "--workers",
      "2",
      "--model",
      "involution",
      "--learning-rate",
      "1e-9",
      "--validation",
      "100",
      "--class-weights",
      "balanced",
    };
    String[] early = with(options, "--epochs", "9", "--patience", "2");
    assertThat(shared("early", early).out())
        .contains("stopped early after epoch 3 of 9", "epochs trained", "test accuracy by class");
    assertThat(result("early", "involution").get("classes")).hasSize(10);
    assertThat(result("early", "involution").get("ended").asText()).isEqualTo("patience");
    assertThat(result("early", "involution").get("epochs").asInt()).isEqualTo(3);
    assertThat(Files.readString(folder.resolve("early/report/index.html")))
        .contains("stopped early after epoch");

    goesOnToTheSameBits("early", early);
    assertThat(shared("early", with(early, "--resume")).out()).contains("nothing to do");

    Submitted longer = shared("early", with(options, "--epochs", "4", "--resume"));
    assertThat(longer.code()).as(longer.err()).isEqualTo(2);
    assertThat(longer.errorLines()).singleElement().asString().contains("epochs was 9");
    longer = shared("early", with(options, "--epochs", "9", "--patience", "3", "--resume"));
    assertThat(longer.code()).as(longer.err()).isZero();
    assertThat(longer.out()).contains("resuming after epoch 3", "stopped early after epoch 4 of 9");
  }

  private static String[] with(String[] options, String... more) {
    return Stream.concat(Stream.of(options), Stream.of(more)).toArray(String[]::new);
  }

  /** The driver of the three epochs dies in the last one, and the same command goes on. */
  private static void goesOnToTheSameBits(String name, String... options) throws IOException {
    JsonNode whole = result(name, "involution").get("parameters_sha256");
    DeadDriver.inEpoch(3, "involution", folder.resolve(name));
    List<String> again = new ArrayList<>(List.of(options));
    again.add("--resume");

    Submitted resumed = shared(name, again.toArray(String[]::new));

    assertThat(resumed.code()).as(resumed.err()).isZero();
    assertThat(resumed.out()).contains("resuming after epoch 2");
    assertThat(result(name, "involution").get("parameters_sha256")).isEqualTo(whole);
  }

  private void damagedFilesAreRefusedAndRepaired(Path run, String... resume) throws IOException {
    List<Path> files =
        Stream.of("involution/model.zip", "metrics.jsonl", "involution/artifacts/confusion.json")
            .map(run::resolve)
            .toList();
    List<String> before = new ArrayList<>();
    for (Path file : files) {
      before.add(Sha256.hex(Files.readAllBytes(file)));
      damage(file);
    }
    JsonNode hash = result("stopped", "involution").get("parameters_sha256");
    String model = files.get(0).toString();
    Path picture = folder.resolve("picture.png");
    ImageIO.write(new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB), "png", picture.toFile());
    String damaged = " is damaged";
    assertThat(Called.command("predict", "--model", model, picture.toString()).error())
        .contains(model + damaged, "--resume");
    assertThat(Called.command("report", run.toString()).error())
        .contains(damaged, "involution/model.zip", "metrics.jsonl", "confusion.json", "--resume");
    for (Submitted refused :
        List.of(
            Submitted.shared("evaluate", model, "--data", "synthetic"),
            shared("warm", "--model", "involution", "--init", model))) {
      assertThat(refused.code()).isEqualTo(2);
      assertThat(refused.errorLines()).singleElement().asString().contains(model + damaged);
    }

    Submitted repaired = shared("stopped", resume);

    assertThat(repaired.code()).as(repaired.err()).isZero();
    assertThat(repaired.out()).contains("resuming after epoch 3");
    // The archive holds its time.
    for (int i = 1; i < before.size(); i++) {
      assertThat(Sha256.hex(Files.readAllBytes(files.get(i)))).isEqualTo(before.get(i));
    }
    assertThat(result("stopped", "involution").get("parameters_sha256")).isEqualTo(hash);
    assertThat(Called.command("predict", "--model", model, picture.toString()).code()).isZero();
    Map<String, String> complete = RunFigures.files(run);
    assertThat(shared("stopped", resume).out()).contains("it is complete: nothing to do");
    assertThat(RunFigures.files(run)).isEqualTo(complete);
  }

  /** One bit of it. */
  private static void damage(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
  }

  @Test
  void theWideNetworkTrainsIsEvaluatedAndDrawn() throws IOException {
    String name = "involution-wide";
    String[] options = {"--workers", "2", "--epochs", "1", "--model", name};
    assertThat(shared("wide", options).code()).isZero();

    assertThat(result("wide", name).at("/parameters/trainable").asInt()).isEqualTo(159_690);
    assertThat(names(folder.resolve("wide/report")))
        .contains("accuracy-epochs-involution-wide.png", "kernels-involution-wide-1.png");
    String page = Files.readString(folder.resolve("wide/report/index.html"));
    assertThat(page).contains("--model " + name, "/" + name + "/test_accuracy", "involution3");
    evaluationGivesTheRunsAccuracy("wide", name);
  }

  private static void evaluationGivesTheRunsAccuracy(String run, String model) throws IOException {
    String[] command = {
      "evaluate",
      folder.resolve(run + "/" + model).toString(),
      "--data",
      "synthetic",
      "--test-limit",
      "50",
      "--out",
      folder.resolve("evaluated-" + model).toString()
    };
    Submitted evaluated = Submitted.shared(command);
    assertThat(evaluated.code()).as(evaluated.err()).isZero();
    for (String figure : List.of("test_accuracy", "test_loss", "parameters_sha256")) {
      assertThat(result("evaluated-" + model, model).get(figure))
          .isEqualTo(result(run, model).get(figure));
    }
  }

  @Test
  void refusesToGoOnWithOtherOptions() {
    Submitted other = shared("run", "--workers", "2", "--epochs", "1", "--seed", "7", "--resume");

    assertThat(other.code()).isEqualTo(2);
    assertThat(other.errorLines()).singleElement().asString().contains("seed was 42", "is 7 now");
  }

  @Test
  void dl4jSparkTrainsThroughTheSameDataAndOutputs() throws IOException {
    Submitted trained =
        train(
            "local-cluster", "dl4j", "--trainer", "dl4j-spark", "--epochs", "2", "--workers", "2");

    assertThat(trained.code()).as(trained.err()).isZero();
    for (String model : List.of("convolution", "involution")) {
      List<Double> losses = new ArrayList<>();
      for (JsonNode row : rows("dl4j")) {
        if (row.get("model").asText().equals(model) && row.get("type").asText().equals("epoch")) {
          losses.add(row.get("test_loss").asDouble());
        } else if (row.get("type").asText().equals("worker")) {
          assertThat(row.get("loss_sum").isNull()).isTrue();
          assertThat(row.get("examples").asInt()).isEqualTo(100);
        }
      }
      assertThat(losses).as(model).hasSize(2).allMatch(Double::isFinite);
      // A few steps leave the running statistics of the involution network at their start.
      assertThat(losses.get(1).equals(losses.get(0))).as(model).isFalse();
      if (model.equals("convolution")) {
        assertThat(losses.get(1)).isLessThan(losses.get(0));
      }
      assertThat(result("dl4j", model).get("train_loss").isNull()).isTrue();
    }
  }

  /** The folder of a run stands for all of its models. */
  @Test
  void evaluateRepeatsTheRunsTestFigures() throws IOException {
    Submitted evaluated =
        Submitted.shared(
            "evaluate",
            folder.resolve("run").toString(),
            "--data",
            "synthetic",
            "--test-limit",
            "50",
            "--images",
            "17",
            "--out",
            folder.resolve("evaluated").toString());

    assertThat(evaluated.code()).as(evaluated.err()).isZero();
    List<String> accuracies =
        evaluated.out().lines().filter(line -> line.startsWith("test accuracy")).toList();
    assertThat(accuracies).hasSize(2);
    for (String model : List.of("convolution", "involution")) {
      evaluationIsAFolderOfItsOwn(model);
      String accuracy = accuracies.get(model.equals("convolution") ? 0 : 1);
      assertThat(Double.parseDouble(accuracy.replaceAll(".* ", "")))
          .isCloseTo(result("run", model).get("test_accuracy").asDouble(), within(5e-5));
    }
  }

  /** The run's folder is as it was, and the evaluation's has all that a report draws. */
  private static void evaluationIsAFolderOfItsOwn(String model) throws IOException {
    Path run = folder.resolve("run/" + model + "/artifacts");
    String name = "evaluated";
    Path evaluated = folder.resolve(name + "/" + model + "/artifacts");
    assertThat(names(evaluated)).isEqualTo(names(run));
    for (String file : List.of("network.json", "samples.json")) {
      assertThat(evaluated.resolve(file)).hasSameBinaryContentAs(run.resolve(file));
    }
    JsonNode counts = Json.tree(Files.readAllBytes(run.resolve("confusion.json"))).get("counts");
    JsonNode again = Json.tree(Files.readAllBytes(evaluated.resolve("confusion.json")));
    assertThat(again.get("counts")).isEqualTo(counts);
    assertThat(again.get("epoch").isNull()).isTrue();
    assertThat(result(name, model).get("test_loss"))
        .isEqualTo(result("run", model).get("test_loss"));
    assertThat(result(name, model).get("parameters_sha256"))
        .isEqualTo(result("run", model).get("parameters_sha256"));
    String page = Files.readString(folder.resolve(name + "/report/index.html"));
    assertThat(page)
        .contains(
            "An evaluation of the saved model",
            "submit/local evaluate",
            "--images 17",
            "--label-column label")
        .doesNotContain("Train accuracy", "id=\"curves\"");
    if (model.equals("involution")) {
      assertThat(page).contains("test image 17");
    }
  }

  @Test
  void aModelOfAnotherNetworkIsRefused() {
    Submitted warm =
        shared(
            "warm",
            "--model",
            "convolution",
            "--init",
            folder.resolve("run/involution/model.zip").toString());

    assertThat(warm.code()).isEqualTo(2);
    assertThat(warm.errorLines()).singleElement().asString().contains("another network");
    assertThat(folder.resolve("warm")).doesNotExist();
  }

  @Test
  void aRunIsNeverOverwrittenUnasked() throws IOException {
    byte[] before = Files.readAllBytes(folder.resolve("run/run.json"));

    Submitted again = shared("run", "--workers", "2", "--epochs", "1");

    assertThat(again.code()).isEqualTo(2);
    assertThat(again.errorLines()).singleElement().asString().contains("--overwrite", "--resume");
    assertThat(Files.readAllBytes(folder.resolve("run/run.json"))).isEqualTo(before);
  }

  private static Submitted shared(String name, String... options) {
    return Submitted.shared(arguments(name, options));
  }

  private static Submitted train(String target, String name, String... options) {
    return Submitted.run(target, arguments(name, options));
  }

  private static String[] arguments(String name, String... options) {
    List<String> arguments = new ArrayList<>(List.of("train"));
    arguments.addAll(SMALL);
    arguments.addAll(List.of("--out", folder.resolve(name).toString()));
    arguments.addAll(List.of(options));
    return arguments.toArray(String[]::new);
  }

  private static JsonNode record(String name) throws IOException {
    return json(name + "/run.json");
  }

  private static JsonNode json(String file) throws IOException {
    return Json.tree(Files.readAllBytes(folder.resolve(file)));
  }

  private static JsonNode result(String name, String model) throws IOException {
    return record(name).path("results").path(model);
  }

  private static List<JsonNode> rows(String name) throws IOException {
    List<JsonNode> rows = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve(name).resolve("metrics.jsonl"))) {
      rows.add(Json.MAPPER.readTree(line));
    }
    return rows;
  }

  private static Set<String> executors(String name) throws IOException {
    Set<String> executors = new TreeSet<>();
    for (JsonNode row : rows(name)) {
      if (row.get("type").asText().equals("worker")) {
        executors.add(row.get("executor").asText());
      }
    }
    return executors;
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
