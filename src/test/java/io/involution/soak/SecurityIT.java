package io.involution.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.cluster.JobProcess;
import io.involution.cluster.RunFigures;
import io.involution.metrics.Json;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs with Spark's security on and a secret wherever one can stand: in settings, in the user info
 * of data, outputs and tracking server, in a signed query. No file and no line of output has it.
 */
class SecurityIT {
  private static final String SECRET = "pl4nted";
  private static final long FILE_BYTES = 10_000L * 3073;

  @TempDir private Path folder;

  @Test
  void anEncryptedRunTellsNoSecretAndGivesTheSameBits() throws Exception {
    Path data = makeData();
    List<String> secret = new ArrayList<>(submit("submit/local-cluster"));
    secret.addAll(conf("spark.authenticate=true"));
    secret.addAll(conf("spark.authenticate.secret=" + SECRET));
    secret.addAll(conf("spark.network.crypto.enabled=true"));
    secret.addAll(conf("spark.io.encryption.enabled=true"));
    secret.addAll(conf("spark.hadoop.fs.s3a.secret.key=" + SECRET));
    secret.addAll(conf("spark.my.password=" + SECRET));
    secret.addAll(train("vault://key:" + SECRET + "@data" + data, "secret"));
    secret.addAll(List.of("--mlflow", "http://me:" + SECRET + "@127.0.0.1:9/?sig=" + SECRET));
    secret.addAll(List.of("--tensorboard"));

    assertSilent(secret, 0);

    List<String> plain = new ArrayList<>(submit("submit/local"));
    plain.addAll(train(data.toString(), "plain"));
    assertThat(run(plain)).isZero();
    assertThat(RunFigures.of(folder.resolve("secret")))
        .isEqualTo(RunFigures.of(folder.resolve("plain")));
    assertExecutorsSilent();
  }

  @Test
  void aRunThatFailsOnItsExecutorsTellsNoSecret() throws Exception {
    Path data = makeData();
    try (RandomAccessFile file =
        new RandomAccessFile(data.resolve("test_batch.bin").toFile(), "rw")) {
      file.seek(3073);
      file.write(11);
    }
    List<String> command = new ArrayList<>(submit("submit/local"));
    command.addAll(train("vault://key:" + SECRET + "@data" + data, "refused"));

    String err = assertSilent(command, 2);

    assertThat(err).contains("vault://***@data", "label 11");
  }

  private String assertSilent(List<String> command, int code) throws Exception {
    try (JobProcess run = JobProcess.start(folder, command)) {
      assertThat(run.await()).as(run.err()).isEqualTo(code);
      assertThat(run.out()).doesNotContain(SECRET);
      assertThat(run.err()).doesNotContain(SECRET);
      assertSilent(folder);
      return run.err();
    }
  }

  private static void assertSilent(Path files) throws IOException {
    try (Stream<Path> all = Files.walk(files)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        if (Files.size(file) < FILE_BYTES) {
          String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
          assertThat(text.contains(SECRET)).as(file.toString()).isFalse();
        }
      }
    }
  }

  /** What executors have logged is in the Spark home. */
  private void assertExecutorsSilent() throws IOException {
    String application =
        Json.tree(Files.readAllBytes(folder.resolve("secret/run.json")))
            .at("/cluster/application_id")
            .asText();
    try (Stream<Path> homes = Files.list(Path.of("target"))) {
      for (Path home : homes.toList()) {
        Path work = home.resolve("work").resolve(application);
        if (Files.isDirectory(work)) {
          try (Stream<Path> logs = Files.walk(work)) {
            for (Path log : logs.filter(file -> file.endsWith("stderr")).toList()) {
              assertThat(Files.readString(log)).as(log.toString()).doesNotContain(SECRET);
            }
          }
        }
      }
    }
  }

  private int run(List<String> command) throws InterruptedException {
    try (JobProcess run = JobProcess.start(folder, command)) {
      return run.await();
    }
  }

  private Path makeData() throws IOException {
    Path data = Files.createDirectory(folder.resolve("data"));
    for (String name : List.of("data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4")) {
      zeros(data.resolve(name + ".bin"));
    }
    zeros(data.resolve("data_batch_5.bin"));
    zeros(data.resolve("test_batch.bin"));
    return data;
  }

  /** Records of label 0 and black pixels, as a sparse file. */
  private static void zeros(Path path) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(FILE_BYTES);
    }
  }

  private List<String> submit(String script) {
    String jar = SoakJar.write(folder).toString();
    List<String> command = new ArrayList<>(List.of(script, "--jars", jar));
    command.addAll(List.of("--driver-class-path", jar));
    command.addAll(conf("spark.hadoop.fs.vault.impl=" + VaultFileSystem.class.getName()));
    return command;
  }

  private static List<String> conf(String setting) {
    return List.of("--conf", setting);
  }

  private List<String> train(String data, String out) {
    String place = data.startsWith("vault") ? "vault://key:" + SECRET + "@out" : "";
    return List.of(
        "train",
        "--model",
        "involution",
        "--data",
        data,
        "--train-limit",
        "400",
        "--test-limit",
        "100",
        "--epochs",
        "1",
        "--workers",
        "2",
        "--out",
        place + folder.resolve(out));
  }
}
