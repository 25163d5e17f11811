package io.involution.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.involution.cluster.StandaloneCluster.Host;
import io.involution.metrics.Json;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A standalone worker with six cores and two GPUs, faked by a discovery script: two workers train,
 * while more tasks than that read. Spark's event log says how many there were at once.
 */
class TaskProfilesIT {
  private static final int GPUS = 2;
  private static final int CORES = 6;

  @TempDir private Path folder;

  @Test
  void readingTakesMoreSlotsThanThereAreGpus() throws Exception {
    Path data = makeData();
    Path events = Files.createDirectory(folder.resolve("events"));
    try (StandaloneCluster cluster =
        StandaloneCluster.start(folder, List.of(new Host(CORES, "2g", List.of("4", "7"))))) {
      List<String> command = new ArrayList<>(List.of("submit/standalone"));
      command.addAll(List.of("--master", cluster.master()));
      command.addAll(conf("spark.eventLog.enabled=true"));
      command.addAll(conf("spark.eventLog.compress=false"));
      command.addAll(conf("spark.eventLog.dir=" + events.toUri()));
      command.addAll(conf("spark.executor.cores=" + CORES));
      command.addAll(conf("spark.executor.memory=1g"));
      command.addAll(conf("spark.executor.resource.gpu.amount=" + GPUS));
      command.addAll(conf("spark.task.resource.gpu.amount=1"));
      command.addAll(train(data, "gpus"));
      assertThat(run(command)).isZero();
    }
    Path plain = folder.resolve("plain");
    String inOneJvm = SmallRun.inOneJvm(train(data, "plain"), plain);

    assertThat(atOnce(events, "checking the data")).isGreaterThan(GPUS);
    assertThat(atOnce(events, "reading the shards")).isEqualTo(GPUS);
    assertThat(atOnce(events, "involution, epoch 1, round 1")).isBetween(1, GPUS);
    Path gpus = folder.resolve("gpus");
    assertThat(RunFigures.devices(gpus))
        .allMatch(device -> device.path("device").asText().equals("cpu"))
        .allMatch(device -> device.path("gpu").isNull());
    assertThat(RunFigures.gpuAddresses(gpus)).containsExactlyInAnyOrder("4", "7");
    assertThat(RunFigures.of(gpus)).isEqualTo(inOneJvm);
  }

  private List<String> train(Path data, String out) {
    return List.of(
        "train",
        "--model",
        "involution",
        "--device",
        "cpu",
        "--data",
        data.toString(),
        "--train-limit",
        "400",
        "--test-limit",
        "100",
        "--epochs",
        "1",
        "--workers",
        String.valueOf(GPUS),
        "--out",
        folder.resolve(out).toString());
  }

  private int run(List<String> command) throws InterruptedException {
    try (JobProcess run = JobProcess.start(folder, command)) {
      int code = run.await();
      assertThat(code).as(run.err()).isZero();
      return code;
    }
  }

  /** The most tasks of the jobs with this description that ran at the same time. */
  private static int atOnce(Path events, String description) throws IOException {
    Map<Integer, Boolean> stages = new HashMap<>();
    List<long[]> tasks = new ArrayList<>();
    for (JsonNode event : events(events)) {
      switch (event.path("Event").asText()) {
        case "SparkListenerStageSubmitted" ->
            stages.put(
                event.at("/Stage Info/Stage ID").asInt(),
                event.at("/Properties/spark.job.description").asText().equals(description));
        case "SparkListenerTaskEnd" -> {
          if (stages.get(event.path("Stage ID").asInt())) {
            tasks.add(
                new long[] {
                  event.at("/Task Info/Launch Time").asLong(),
                  event.at("/Task Info/Finish Time").asLong()
                });
          }
        }
        default -> {}
      }
    }
    int most = 0;
    for (long[] task : tasks) {
      int running = (int) tasks.stream().filter(t -> t[0] <= task[0] && task[0] < t[1]).count();
      most = Math.max(most, running);
    }
    return most;
  }

  private static List<JsonNode> events(Path folder) throws IOException {
    List<JsonNode> events = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!file.getFileName().toString().endsWith(".crc")) {
          for (String line : Files.readAllLines(file)) {
            events.add(Json.MAPPER.readTree(line));
          }
        }
      }
    }
    return events;
  }

  private static List<String> conf(String setting) {
    return List.of("--conf", setting);
  }

  /** Records of label 0 and black pixels, as sparse files. */
  private Path makeData() throws IOException {
    Path data = Files.createDirectory(folder.resolve("data"));
    for (int file = 1; file <= CORES; file++) {
      String name = file == CORES ? "test_batch.bin" : "data_batch_" + file + ".bin";
      try (RandomAccessFile bytes = new RandomAccessFile(data.resolve(name).toFile(), "rw")) {
        bytes.setLength(10_000L * 3073);
      }
    }
    return data;
  }
}
