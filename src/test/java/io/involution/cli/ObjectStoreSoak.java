package io.involution.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.involution.metrics.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run on S3A, against a server on loopback that speaks S3: {@code mvn -B verify -Psoak
 * -Dit.test=ObjectStoreSoak}. Maven downloads 730 MB for it.
 */
class ObjectStoreSoak {
  private static final Path JARS = Path.of("target", "s3");
  private static final List<String> CLIENT =
      List.of(
          "org.apache.hadoop:hadoop-aws:3.5.0",
          "software.amazon.awssdk:bundle:2.35.4",
          "software.amazon.s3.analyticsaccelerator:analyticsaccelerator-s3:1.3.1");
  private static final String SERVER = "org.gaul:s3proxy:2.6.0:jar:jar-with-dependencies";

  @TempDir private Path folder;
  private String endpoint;

  @Test
  void aRunOnS3HasTheBitsOfALocalOneAndIsCompleteWhenResumed() throws Exception {
    List<String> artifacts = new ArrayList<>(CLIENT);
    artifacts.add(SERVER);
    for (String artifact : artifacts) {
      String copy = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy";
      run("mvn", "-B", "-q", copy, "-Dartifact=" + artifact, "-DoutputDirectory=" + JARS);
    }
    Process server = server();
    try {
      Submitted local = Submitted.run("local", train(folder.resolve("run").toString()));
      assertThat(local.code()).as(local.err()).isZero();
      Submitted whole = onS3("--overwrite");
      assertThat(whole.code()).as(whole.err()).isZero();
      try (InputStream record =
          URI.create(endpoint + "/runs/whole/run.json").toURL().openStream()) {
        assertThat(hash(record.readAllBytes()))
            .isEqualTo(hash(Files.readAllBytes(folder.resolve("run/run.json"))));
      }
      Submitted again = onS3("--resume");
      assertThat(again.code()).as(again.err()).isZero();
      assertThat(again.out()).contains("it is complete: nothing to do");
    } finally {
      server.destroyForcibly().waitFor();
    }
  }

  private Process server() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    endpoint = "http://127.0.0.1:" + port;
    Path settings = folder.resolve("s3proxy.conf");
    Files.writeString(
        settings,
        "s3proxy.authorization=none\ns3proxy.endpoint="
            + endpoint
            + "\njclouds.provider=transient\n"
            + "jclouds.identity=me\njclouds.credential=words\n");
    String jar = jars().filter(each -> each.contains("s3proxy")).findFirst().orElseThrow();
    Process process =
        new ProcessBuilder(
                "java", "-cp", jar, "org.gaul.s3proxy.Main", "--properties", "" + settings)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("s3proxy.log").toFile())
            .start();
    HttpRequest bucket =
        HttpRequest.newBuilder(URI.create(endpoint + "/runs"))
            .PUT(HttpRequest.BodyPublishers.noBody())
            .build();
    boolean made = false;
    while (!made && process.isAlive()) {
      try {
        made =
            HttpClient.newHttpClient().send(bucket, BodyHandlers.discarding()).statusCode() == 200;
      } catch (IOException notYet) {
        Thread.sleep(100);
      }
    }
    return process;
  }

  private Submitted onS3(String option) throws IOException {
    String jars = jars().filter(jar -> !jar.contains("s3proxy")).collect(Collectors.joining(","));
    List<String> words = new ArrayList<>(List.of("--jars", jars));
    for (String setting :
        List.of(
            "endpoint=" + endpoint, "path.style.access=true", "access.key=me", "secret.key=no")) {
      words.addAll(List.of("--conf", "spark.hadoop.fs.s3a." + setting));
    }
    words.addAll(List.of(train("s3a://runs/whole")));
    words.add(option);
    return Submitted.run("local", words.toArray(String[]::new));
  }

  private static String[] train(String out) {
    String words = "train --model involution --data synthetic --train-limit 256 --test-limit 64";
    return (words + " --batch-size 64 --workers 2 --epochs 3 --out " + out).split(" ");
  }

  private static Stream<String> jars() throws IOException {
    try (Stream<Path> files = Files.list(JARS)) {
      return files.map(file -> file.toAbsolutePath().toString()).toList().stream();
    }
  }

  private static String hash(byte[] record) throws IOException {
    JsonNode hash = Json.tree(record).at("/results/involution/parameters_sha256");
    assertThat(hash.asText()).hasSize(64);
    return hash.asText();
  }

  private static void run(String... words) throws Exception {
    assertThat(new ProcessBuilder(words).inheritIO().start().waitFor()).isZero();
  }
}
