package io.involution.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.involution.metrics.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What averaging can be beside the plain mean, with real spark-submit: the bits stay the same. */
class UpdateAveragingIT {
  private static final List<String> SMALL =
      List.of(
          "--model",
          "involution",
          "--data",
          "synthetic",
          "--train-limit",
          "300",
          "--test-limit",
          "75",
          "--epochs",
          "3");

  /** States of all kinds, a schedule of everything, random images. */
  private static final List<String> ALL =
      List.of(
          "--outer-step",
          "nesterov",
          "--updater-state",
          "local",
          "--averaging-period",
          "1,2@2",
          "--optimizer",
          "muon",
          "--learning-rate-decay",
          "triangular",
          "--label-smoothing",
          "0.1",
          "--weight-decay",
          "0.01",
          "--weight-average",
          "ema:0.8",
          "--test-time",
          "flip",
          "--evaluate-every",
          "last",
          "--augment",
          "alternate-flip,reflect-shift:2,cutout:5");

  @TempDir private Path folder;

  @Test
  void allOfItGoesOnAfterACheckpointAndElsewhereToTheSameBits() throws IOException {
    shared("whole", ALL);
    copy("whole", "stopped");
    DeadDriver.inEpoch(3, "involution", folder.resolve("stopped"));
    List<String> again = new ArrayList<>(ALL);
    again.add("--resume");

    Submitted resumed = train("local-cluster", "stopped", again);

    assertThat(resumed.out()).contains("resuming after epoch 2");
    assertThat(result("stopped")).isEqualTo(result("whole"));
    assertThat(roundsByEpoch("whole")).isEqualTo(Map.of(1, 3, 2, 2, 3, 2));
  }

  /** It has no job for each round, but stops where a checkpoint is due. */
  @Test
  void aLoneWorkersRoundsChangeNoBitAndItGoesOnAfterACheckpointWithinAnEpoch() throws IOException {
    List<String> often =
        List.of(
            "--workers",
            "1",
            "--batch-size",
            "50",
            "--averaging-period",
            "1",
            "--checkpoint-every",
            "8rounds");
    shared("often", often);
    shared(
        "seldom", List.of("--workers", "1", "--batch-size", "50", "--averaging-period", "epoch"));
    copy("often", "killed");
    DeadDriver.inEpoch(3, "involution", folder.resolve("killed"));
    List<String> again = new ArrayList<>(often);
    again.add("--resume");

    Submitted resumed = Submitted.shared(arguments("killed", again));

    assertThat(resumed.out()).as(resumed.err()).contains("resuming after epoch 3, round 4");
    assertThat(result("killed")).isEqualTo(result("often"));
    assertThat(result("seldom").get("parameters_sha256"))
        .isEqualTo(result("often").get("parameters_sha256"));
    assertThat(roundsByEpoch("killed")).isEqualTo(Map.of(1, 6, 2, 6, 3, 6));
    assertThat(roundsByEpoch("seldom")).isEqualTo(Map.of(1, 1, 2, 1, 3, 1));
  }

  @Test
  void theShufflesBitsAreThoseOfCollecting() throws IOException {
    shared("collect", List.of("--exchange", "collect", "--outer-step", "momentum"));
    train("local-cluster", "shuffle", List.of("--exchange", "shuffle", "--outer-step", "momentum"));

    assertThat(result("shuffle")).isEqualTo(result("collect"));
    assertThat(received("shuffle")).isEqualTo(received("collect") / 2);
  }

  @Test
  void freshUpdatersHaveNothingToSend() throws IOException {
    shared("averaged", List.of("--outer-step", "momentum", "--outer-momentum", "0"));
    shared("plain", List.of());
    shared("reset", List.of("--updater-state", "reset"));

    assertThat(result("averaged")).isEqualTo(result("plain"));
    assertThat(result("reset")).isNotEqualTo(result("plain"));
    assertThat(received("reset")).isLessThan(received("plain") / 2);
  }

  @Test
  void anotherOuterStepIsAnotherRun() throws IOException {
    shared("run", List.of());

    Submitted other =
        Submitted.shared(arguments("run", List.of("--outer-step", "nesterov", "--resume")));

    assertThat(other.code()).isEqualTo(2);
    assertThat(other.errorLines())
        .singleElement()
        .asString()
        .contains("outer_step was average", "is nesterov now");
  }

  private void shared(String name, List<String> options) {
    assertDone(Submitted.shared(arguments(name, options)));
  }

  private Submitted train(String target, String name, List<String> options) {
    return assertDone(Submitted.run(target, arguments(name, options)));
  }

  private static Submitted assertDone(Submitted run) {
    assertThat(run.code()).as(run.err()).isZero();
    return run;
  }

  private String[] arguments(String name, List<String> options) {
    List<String> arguments = new ArrayList<>(List.of("train"));
    arguments.addAll(SMALL);
    if (!options.contains("--workers")) {
      arguments.addAll(List.of("--workers", "2"));
    }
    if (!options.contains("--batch-size")) {
      arguments.addAll(List.of("--batch-size", "128"));
    }
    arguments.addAll(options);
    arguments.addAll(List.of("--out", folder.resolve(name).toString()));
    return arguments.toArray(String[]::new);
  }

  /** Hash, accuracies and losses. */
  private JsonNode result(String name) throws IOException {
    JsonNode record = Json.tree(Files.readAllBytes(folder.resolve(name).resolve("run.json")));
    ObjectNode result = (ObjectNode) record.at("/results/involution");
    assertThat(result.path("parameters_sha256").asText()).hasSize(64);
    return result.without(List.of("seconds", "examples_per_second"));
  }

  private List<JsonNode> rounds(String name) throws IOException {
    List<JsonNode> rounds = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve(name).resolve("metrics.jsonl"))) {
      JsonNode row = Json.MAPPER.readTree(line);
      if (row.get("type").asText().equals("round")) {
        rounds.add(row);
      }
    }
    return rounds;
  }

  private Map<Integer, Integer> roundsByEpoch(String name) throws IOException {
    Map<Integer, Integer> rounds = new TreeMap<>();
    for (JsonNode row : rounds(name)) {
      rounds.merge(row.get("epoch").asInt(), 1, Integer::sum);
    }
    return rounds;
  }

  private long received(String name) throws IOException {
    return rounds(name).stream().mapToLong(row -> row.get("bytes_received").asLong()).sum();
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
