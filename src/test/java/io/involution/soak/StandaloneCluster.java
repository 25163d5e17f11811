package io.involution.soak;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A standalone cluster whose workers are, by their addresses, hosts of their own: Spark speculates
 * on another host only. Its Spark home is the one that {@code submit/} has put together.
 */
final class StandaloneCluster implements AutoCloseable {
  private final Path folder;
  private final List<Process> processes = new ArrayList<>();
  private String master;

  private StandaloneCluster(Path folder) {
    this.folder = folder;
  }

  /** Starts a master and workers of one core. */
  static StandaloneCluster start(Path folder, int workers) throws Exception {
    StandaloneCluster cluster = new StandaloneCluster(folder);
    Path log = cluster.start("master", "master.Master", "--host", "127.0.0.1", "--port", "0");
    cluster.master = await(log, "spark://127.0.0.1:");
    for (int worker = 1; worker <= workers; worker++) {
      String host = "127.0.0." + worker;
      Path work = Files.createDirectories(folder.resolve("work-" + worker));
      cluster.start(
          "worker-" + worker,
          "worker.Worker",
          "--host",
          host,
          "--cores",
          "1",
          "--memory",
          "1g",
          "--work-dir",
          work.toString(),
          cluster.master);
    }
    return cluster;
  }

  /**
   * Starts a master and one worker that believes it has GPUs.
   *
   * @param folder for logs and working folders
   * @param cores the worker's cores
   * @param addresses what its discovery script prints
   */
  static StandaloneCluster withGpus(Path folder, int cores, List<String> addresses)
      throws Exception {
    StandaloneCluster cluster = new StandaloneCluster(folder);
    Path log = cluster.start("master", "master.Master", "--host", "127.0.0.1", "--port", "0");
    cluster.master = await(log, "spark://127.0.0.1:");
    Path script = folder.resolve("discovery");
    Files.writeString(
        script,
        "#!/bin/sh\necho '{\"name\": \"gpu\", \"addresses\": [\"%s\"]}'\n"
            .formatted(String.join("\", \"", addresses)));
    if (!script.toFile().setExecutable(true)) {
      throw new IOException(script + " could not be made executable");
    }
    Path properties = folder.resolve("worker.conf");
    Files.writeString(
        properties,
        "spark.worker.resource.gpu.amount %d\nspark.worker.resource.gpu.discoveryScript %s\n"
            .formatted(addresses.size(), script));
    cluster.start(
        "worker",
        "worker.Worker",
        "--host",
        "127.0.0.1",
        "--cores",
        String.valueOf(cores),
        "--memory",
        "2g",
        "--work-dir",
        Files.createDirectories(folder.resolve("work")).toString(),
        "--properties-file",
        properties.toString(),
        cluster.master);
    return cluster;
  }

  /** The master's URL. */
  String master() {
    return master;
  }

  private Path start(String name, String type, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(sparkHome().resolve("bin/spark-class").toString());
    command.add("org.apache.spark.deploy." + type);
    command.addAll(List.of("--webui-port", "0"));
    command.addAll(List.of(arguments));
    Path log = folder.resolve(name + ".log");
    processes.add(
        new ProcessBuilder(command)
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start());
    return log;
  }

  private static String await(Path log, String word) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    while (System.nanoTime() < deadline) {
      String text = Files.readString(log);
      int at = text.indexOf(word);
      if (at >= 0 && text.indexOf('\n', at) > 0) {
        return text.substring(at).split("\\s", 2)[0];
      }
      Thread.sleep(50);
    }
    throw new AssertionError(Files.readString(log));
  }

  private static Path sparkHome() throws IOException {
    String set = System.getenv("SPARK_HOME");
    if (set != null) {
      return Path.of(set);
    }
    try (Stream<Path> homes = Files.list(Path.of("target"))) {
      return homes
          .filter(home -> Files.isExecutable(home.resolve("bin/spark-class")))
          .findFirst()
          .orElseThrow()
          .toAbsolutePath();
    }
  }

  @Override
  public void close() {
    for (Process process : processes) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      process.onExit().join();
    }
  }
}
