package io.involution.soak;

import io.involution.cluster.RunFigures;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A server on loopback that speaks S3, with one bucket, and the client's jars, from Maven. */
final class S3Server implements AutoCloseable {
  private static final Path JARS = Path.of("target", "s3");
  private static final List<String> CLIENT =
      List.of(
          "org.apache.hadoop:hadoop-aws:3.5.0",
          "software.amazon.awssdk:bundle:2.35.4",
          "software.amazon.s3.analyticsaccelerator:analyticsaccelerator-s3:1.3.1");
  private static final String SERVER = "org.gaul:s3proxy:2.6.0:jar:jar-with-dependencies";

  private final HttpClient http = HttpClient.newHttpClient();
  private final int port;
  private final Process process;

  private S3Server(int port, Process process) {
    this.port = port;
    this.process = process;
  }

  /** Starts it with the bucket {@code runs}. */
  static S3Server start(Path folder) throws Exception {
    List<String> artifacts = new ArrayList<>(CLIENT);
    artifacts.add(SERVER);
    String copy = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy";
    for (String artifact : artifacts) {
      String[] words = {"mvn", "-B", "-q", copy, "-Dartifact=" + artifact};
      List<String> command = new ArrayList<>(List.of(words));
      command.add("-DoutputDirectory=" + JARS);
      if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
        throw new IOException("no " + artifact);
      }
    }
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Path settings = folder.resolve("s3proxy.conf");
    Files.writeString(
        settings,
        "s3proxy.authorization=none\ns3proxy.endpoint=http://127.0.0.1:"
            + port
            + "\njclouds.provider=transient\njclouds.identity=me\njclouds.credential=words\n");
    String jar = jars().filter(each -> each.contains("s3proxy")).findFirst().orElseThrow();
    Process process =
        new ProcessBuilder(
                "java", "-cp", jar, "org.gaul.s3proxy.Main", "--properties", "" + settings)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("s3proxy.log").toFile())
            .start();
    S3Server server = new S3Server(port, process);
    server.awaitBucket();
    return server;
  }

  private void awaitBucket() throws Exception {
    while (process.isAlive()) {
      try {
        HttpRequest bucket = request("").PUT(BodyPublishers.noBody()).build();
        if (http.send(bucket, BodyHandlers.discarding()).statusCode() == 200) {
          return;
        }
      } catch (IOException notYet) {
        Thread.sleep(100);
      }
    }
    throw new IOException("the server has ended");
  }

  int port() {
    return port;
  }

  private HttpRequest.Builder request(String key) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/runs" + key));
  }

  /** The content of an object of the bucket. */
  byte[] get(String key) throws Exception {
    HttpResponse<byte[]> answer = http.send(request("/" + key).build(), BodyHandlers.ofByteArray());
    if (answer.statusCode() != 200) {
      throw new IOException(key + ": " + answer.statusCode());
    }
    return answer.body();
  }

  /** Puts a file into the bucket. */
  void put(String key, Path file) throws Exception {
    http.send(
        request("/" + key).PUT(BodyPublishers.ofFile(file)).build(), BodyHandlers.discarding());
  }

  /** The keys of the bucket that begin with a prefix: at most a thousand. */
  List<String> keys(String prefix) throws Exception {
    String page = http.send(request("?prefix=" + prefix).build(), BodyHandlers.ofString()).body();
    return Stream.of(page.split("<Key>", -1))
        .skip(1)
        .map(part -> part.substring(0, part.indexOf("</Key>")))
        .toList();
  }

  /** The figures of a run in the bucket. */
  String figures(String run, Path folder) throws Exception {
    Path copy = Files.createDirectories(folder.resolve("copy-of-" + run.replace('/', '-')));
    for (String name : List.of("run.json", "metrics.jsonl")) {
      Files.write(copy.resolve(name), get(run + "/" + name));
    }
    return RunFigures.of(copy);
  }

  /** Options of submit for a client that talks to an endpoint. */
  static List<String> options(String endpoint, String... more) throws IOException {
    String jars = jars().filter(jar -> !jar.contains("s3proxy")).collect(Collectors.joining(":"));
    // As a part of Spark: with --jars, every driver copies them.
    List<String> words = new ArrayList<>(List.of("--driver-class-path", jars));
    List<String> settings = new ArrayList<>(List.of(more));
    settings.add("endpoint=" + endpoint);
    settings.addAll(List.of("path.style.access=true", "access.key=me", "secret.key=no"));
    // The server does not delete several objects by one request, as S3 does.
    settings.add("multiobjectdelete.enable=false");
    for (String setting : settings) {
      words.addAll(List.of("--conf", "spark.hadoop.fs.s3a." + setting));
    }
    return words;
  }

  private static Stream<String> jars() throws IOException {
    try (Stream<Path> files = Files.list(JARS)) {
      return files.map(file -> file.toAbsolutePath().toString()).toList().stream();
    }
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
