package io.involution.cluster;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A standalone cluster whose workers are, by their addresses, hosts of their own: Spark speculates
 * on another host only, and counts GPUs by host. Its Spark home is the one that {@code submit/} has
 * put together.
 */
public final class StandaloneCluster implements AutoCloseable {
  private final Path folder;
  private final List<Process> processes = new ArrayList<>();
  private String master;

  private StandaloneCluster(Path folder) {
    this.folder = folder;
  }

  /** Starts a master and workers of one core, without GPUs. */
  public static StandaloneCluster start(Path folder, int workers) throws Exception {
    return start(folder, Collections.nCopies(workers, new Host(1, "1g", List.of())));
  }

  /** Starts a master and a worker a host. */
  public static StandaloneCluster start(Path folder, List<Host> hosts) throws Exception {
    StandaloneCluster cluster = new StandaloneCluster(folder);
    try {
      Path log =
          cluster.start(
              "master", "master.Master", Map.of(), List.of("--host", "127.0.0.1", "--port", "0"));
      cluster.master = await(log, "spark://127.0.0.1:");
      List<Path> logs = new ArrayList<>();
      for (int number = 1; number <= hosts.size(); number++) {
        logs.add(cluster.join(number, hosts.get(number - 1)));
      }
      for (Path each : logs) {
        await(each, "Successfully registered with master");
      }
      return cluster;
    } catch (Exception | Error e) {
      cluster.close();
      throw e;
    }
  }

  /**
   * A host of the cluster.
   *
   * @param cores cores it offers
   * @param memory memory it offers, as Spark writes it
   * @param gpus addresses of the GPUs that it says it has; there are none behind them
   */
  public record Host(int cores, String memory, List<String> gpus) {}

  private Path join(int number, Host host) throws Exception {
    Path work = Files.createDirectories(folder.resolve("work-" + number));
    List<String> arguments =
        List.of(
            "--host",
            "127.0.0." + number,
            "--cores",
            String.valueOf(host.cores()),
            "--memory",
            host.memory(),
            "--work-dir",
            work.toString(),
            master);
    return start("worker-" + number, "worker.Worker", gpuOptions(number, host), arguments);
  }

  private Map<String, String> gpuOptions(int number, Host host) throws IOException {
    if (host.gpus().isEmpty()) {
      return Map.of();
    }
    Path script = folder.resolve("gpus-" + number);
    String addresses = String.join("\", \"", host.gpus());
    Files.writeString(
        script, "#!/bin/sh\necho '{\"name\": \"gpu\", \"addresses\": [\"" + addresses + "\"]}'\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    return Map.of(
        "SPARK_WORKER_OPTS",
        "-Dspark.worker.resource.gpu.amount="
            + host.gpus().size()
            + " -Dspark.worker.resource.gpu.discoveryScript="
            + script);
  }

  /** The master's URL. */
  public String master() {
    return master;
  }

  /** Ends the master for good; the workers go on. */
  public void stopMaster() {
    Process first = processes.get(0);
    first.descendants().forEach(ProcessHandle::destroyForcibly);
    first.destroyForcibly();
    first.onExit().join();
  }

  private Path start(
      String name, String type, Map<String, String> environment, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(sparkHome().resolve("bin/spark-class").toString());
    command.add("org.apache.spark.deploy." + type);
    command.addAll(List.of("--webui-port", "0"));
    command.addAll(arguments);
    Path log = folder.resolve(name + ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    builder.environment().put("SPARK_DAEMON_MEMORY", "256m");
    processes.add(builder.start());
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

  /** The Spark home that {@code submit/} uses. */
  public static Path sparkHome() throws IOException {
    Process script =
        new ProcessBuilder("submit/spark-home")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String home = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return Path.of(home.strip());
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
