package io.involution.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.cluster.JobProcess;
import io.involution.cluster.RunFigures;
import io.involution.data.Cifar10Files;
import io.involution.metrics.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs and experiments on S3A, against a server on loopback that speaks S3, through a proxy that
 * lets drivers meet and cuts connections: {@code mvn -B verify -Psoak -Dit.test=ObjectStoreSoak}.
 * Maven downloads 730 MB for it.
 */
class ObjectStoreSoak {
  private static final String STATE = "part-00000.bin";
  private static final int EPOCHS = 3;

  @TempDir private static Path folder;
  private static S3Server server;
  private static String undisturbed;
  private CuttingProxy proxy;

  @BeforeAll
  static void start() throws Exception {
    server = S3Server.start(folder);
    Path data = folder.resolve("data");
    Cifar10Files.write(data, Cifar10Files.files(10_000, 5));
    try (var files = Files.list(data)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        server.put("data/" + file.getFileName(), file);
      }
    }
    Path out = folder.resolve("undisturbed");
    try (JobProcess run = run(List.of(), data.toString(), out.toString())) {
      assertThat(run.await()).as(run.err()).isZero();
    }
    undisturbed = RunFigures.of(out);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void connect() throws IOException {
    proxy = new CuttingProxy(server.port());
  }

  @AfterEach
  void disconnect() throws IOException {
    proxy.close();
  }

  private static JobProcess run(List<String> submit, String data, String out, String... options) {
    List<String> command = new ArrayList<>(List.of("submit/local"));
    command.addAll(submit);
    String words = "train --model involution --batch-size 64 --train-limit 256 --test-limit 64";
    command.addAll(List.of((words + " --workers 2 --epochs " + EPOCHS).split(" ", -1)));
    command.addAll(List.of("--data", data, "--out", out));
    command.addAll(List.of(options));
    return JobProcess.start(folder, command);
  }

  private JobProcess train(String out, String... options) throws IOException {
    return run(S3Server.options(proxy.endpoint()), "s3a://runs/data", "s3a://runs/" + out, options);
  }

  private static List<String> errors(JobProcess run) {
    return run.err().lines().filter(line -> line.startsWith("error: ")).toList();
  }

  private void assertUndisturbed(String run) throws Exception {
    String figures = server.figures(run, folder).replaceAll("(\"run_attempt\":)\\d+", "$11");
    assertThat(figures).isEqualTo(undisturbed);
  }

  /** Where a request for an object stands in what the proxy has seen. */
  private int place(String what) {
    List<String> log = proxy.log();
    return log.indexOf(
        log.stream().filter(line -> line.matches(what)).findFirst().orElse("none of " + what));
  }

  @Test
  void aRunHasTheBitsOfALocalOneAndItsRecordIsWrittenLast() throws Exception {
    try (JobProcess run = train("whole")) {
      assertThat(run.await()).as(run.err()).isZero();
    }
    assertUndisturbed("whole");
    // Nothing relies on renaming, which is a copy here, or on appending.
    assertThat(proxy.log()).noneMatch(line -> line.contains("copied"));
    int settled = place("200 PUT /runs/whole/attempts/attempt-00001");
    assertThat(settled).isNotNegative().isLessThan(place("> PUT /runs/whole/run.json"));
    for (int epoch = 1; epoch <= EPOCHS; epoch++) {
      String checkpoint = "/runs/whole/involution/checkpoint-e0000" + epoch + "-r00000-a00001/";
      assertThat(place("200 PUT /runs/whole/metrics/part-involution-0000" + epoch + "-00001.jsonl"))
          .isNotNegative()
          .isLessThan(place("> PUT " + checkpoint + STATE));
      assertThat(place("200 PUT " + checkpoint + STATE))
          .isNotNegative()
          .isLessThan(place("> PUT " + checkpoint + "_COMMITTED"));
    }
    List<String> log = proxy.log();
    int done = log.lastIndexOf("> PUT /runs/whole/run.json");
    for (String result :
        List.of("metrics.jsonl", "involution/model.zip", "involution/artifacts/confusion.json")) {
      assertThat(log.lastIndexOf("200 PUT /runs/whole/" + result))
          .as(result)
          .isNotNegative()
          .isLessThan(done);
    }
    try (JobProcess again = train("whole", "--resume")) {
      assertThat(again.await()).as(again.err()).isZero();
      assertThat(again.out()).contains("it is complete: nothing to do");
    }
  }

  /** Both have seen that nobody has the folder before either takes it. */
  @Test
  void oneOfTwoRunsGetsANewFolder() throws Exception {
    meetAt("PUT /runs/race/attempts/attempt-00001 ");
    try (JobProcess one = train("race");
        JobProcess other = train("race")) {
      List<Integer> codes = List.of(one.await(), other.await());
      assertThat(codes).as(one.err() + other.err()).containsExactlyInAnyOrder(0, 2);
      JobProcess loser = codes.get(0) == 0 ? other : one;
      assertThat(errors(loser))
          .singleElement()
          .asString()
          .contains("another run has taken --out s3a://runs/race");
    }
    assertUndisturbed("race");
  }

  private void meetAt(String start) {
    CyclicBarrier both = new CyclicBarrier(2);
    proxy.rule(
        request -> {
          if (request.startsWith(start)) {
            meet(both);
          }
          return false;
        });
  }

  private static void meet(CyclicBarrier both) {
    try {
      both.await(3, TimeUnit.MINUTES);
    } catch (BrokenBarrierException | TimeoutException e) {
      // The other one is late: the test's figures tell.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void whoeverResumesTakesTheFolderOver() throws Exception {
    CyclicBarrier both = new CyclicBarrier(2);
    AtomicBoolean waits = new AtomicBoolean(true);
    // The first driver is about to write its second checkpoint when the other takes the folder.
    proxy.rule(
        request -> {
          if (request.contains("/checkpoint-e00002-r00000-a00001/" + STATE)
              && waits.getAndSet(false)) {
            meet(both);
          }
          return false;
        });
    try (JobProcess first = train("taken");
        JobProcess second = awaitThenTake(both)) {
      assertThat(second.await()).as(second.err()).isZero();
      assertThat(second.out()).contains("resuming after epoch 1");
      assertThat(first.await()).as(first.out() + first.err()).isEqualTo(2);
      assertThat(errors(first)).singleElement().asString().contains("another run has taken --out");
    }
    assertUndisturbed("taken");
  }

  private JobProcess awaitThenTake(CyclicBarrier both) throws Exception {
    await("> PUT /runs/taken/involution/checkpoint-e00002-r00000-a00001/" + STATE);
    JobProcess second = train("taken", "--resume");
    await("200 PUT /runs/taken/attempts/attempt-00002");
    meet(both);
    return second;
  }

  private void await(String line) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
    while (!proxy.log().contains(line)) {
      assertThat(System.nanoTime()).as(line).isLessThan(deadline);
      Thread.sleep(20);
    }
  }

  @Test
  void aConnectionThatIsCutOnceInMidWriteIsTriedAgain() throws Exception {
    AtomicBoolean cuts = new AtomicBoolean(true);
    proxy.rule(
        request ->
            request.contains("checkpoint-e00002-r00000-a00001/" + STATE) && cuts.getAndSet(false));
    try (JobProcess run = train("cut")) {
      assertThat(run.await()).as(run.err()).isZero();
    }
    assertThat(proxy.log()).anyMatch(line -> line.startsWith("cut PUT"));
    assertUndisturbed("cut");
  }

  @Test
  void connectionsThatAreAlwaysCutEndTheRunInOneLineAndItIsResumed() throws Exception {
    proxy.rule(
        request -> request.startsWith("PUT") && request.contains("checkpoint-e00002-r00000"));
    List<String> submit =
        S3Server.options(
            proxy.endpoint(), "attempts.maximum=2", "retry.limit=1", "retry.interval=100ms");
    try (JobProcess run = run(submit, "s3a://runs/data", "s3a://runs/lost")) {
      assertThat(run.await()).as(run.out() + run.err()).isEqualTo(3);
      assertThat(errors(run))
          .singleElement()
          .asString()
          .contains("cannot write s3a://runs/lost/involution/checkpoint-e00002", "--resume");
      assertThat(run.err()).doesNotContain("\tat ");
    }
    assertThat(server.keys("lost/involution/checkpoint-e00002")).isEmpty();
    proxy.rule(request -> false);
    try (JobProcess run = train("lost", "--resume")) {
      assertThat(run.await()).as(run.err()).isZero();
      assertThat(run.out()).contains("resuming after epoch 1");
    }
    assertUndisturbed("lost");
  }

  /** Both claim the first cell at the same moment. */
  @Test
  void twoStartsOfAnExperimentRunEveryCellOnce() throws Exception {
    Path conf = folder.resolve("race.conf");
    Files.writeString(
        conf,
        """
        experiment {
          name = race, parallel = 1
          defaults {
            model = involution, data = "s3a://runs/data", train-limit = 128, test-limit = 32
            batch-size = 64, workers = 1, epochs = 1
          }
          grid { seed = [1, 2, 3, 4] }
        }
        """);
    CyclicBarrier both = new CyclicBarrier(2);
    AtomicBoolean met = new AtomicBoolean();
    proxy.rule(
        request -> {
          if (request.matches("PUT /runs/all/claims/\\w+/attempt-00001 .*") && !met.get()) {
            meet(both);
            met.set(true);
          }
          return false;
        });
    try (JobProcess one = experiment(conf);
        JobProcess other = experiment(conf)) {
      assertThat(one.await()).as(one.out() + one.err()).isIn(0, 3);
      assertThat(other.await()).as(other.out() + other.err()).isIn(0, 3);
      assertThat(one.err() + other.err()).doesNotContain("error: ");
    }
    try (JobProcess last = experiment(conf)) {
      assertThat(last.await()).as(last.err()).isZero();
      assertThat(last.out()).contains("4 cells: 4 done");
    }
    String ledger = new String(server.get("all/ledger.jsonl"), StandardCharsets.UTF_8);
    assertThat(ledger.lines().toList())
        .hasSize(4)
        .allSatisfy(row -> assertThat(Json.MAPPER.readTree(row).get("attempts").asInt()).isOne());
    assertThat(server.keys("all/cells").stream().filter(key -> key.contains("/attempts/")))
        .hasSize(4);
  }

  private JobProcess experiment(Path conf) throws IOException {
    List<String> command = new ArrayList<>(List.of("submit/local"));
    command.addAll(S3Server.options(proxy.endpoint()));
    command.addAll(List.of("experiment", conf.toString(), "--out", "s3a://runs/all"));
    return JobProcess.start(folder, command);
  }
}
