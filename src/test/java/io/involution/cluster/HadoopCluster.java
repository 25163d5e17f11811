package io.involution.cluster;

import io.involution.metrics.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.hdfs.DistributedFileSystem;

/** A real HDFS and YARN on this machine. */
final class HadoopCluster implements AutoCloseable {
  private final Path folder;
  private final Process process;

  private HadoopCluster(Path folder, Process process) {
    this.folder = folder;
    this.process = process;
  }

  /** Starts both and waits until a node manager is there. */
  static HadoopCluster start(Path folder) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    for (String part : List.of("java.lang", "java.util", "java.util.concurrent")) {
      command.add("--add-opens=java.base/" + part + "=ALL-UNNAMED");
    }
    command.add("-Dhadoop.log.dir=" + folder.resolve("logs"));
    command.add("-Dtest.build.data=" + folder.resolve("data"));
    // How often its counters are looked at.
    Files.writeString(folder.resolve("hadoop-metrics2.properties"), "*.periodMillis=100\n");
    command.addAll(List.of("-cp", folder + ":" + System.getProperty("java.class.path")));
    command.addAll(List.of(MiniHadoop.class.getName(), folder.toString()));
    Path log = folder.resolve("hadoop.log");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    HadoopCluster cluster = new HadoopCluster(folder, process);
    try {
      cluster.awaitReady(log);
      return cluster;
    } catch (Exception | Error e) {
      cluster.close();
      throw e;
    }
  }

  private void awaitReady(Path log) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
    while (Files.readString(log).lines().noneMatch("ready"::equals)) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new AssertionError("Hadoop did not start: " + Files.readString(log));
      }
      Thread.sleep(100);
    }
  }

  /** What HADOOP_CONF_DIR has to name. */
  Path settings() {
    return folder.resolve("conf");
  }

  /** Its HDFS. */
  FileSystem fileSystem() throws IOException {
    Configuration settings = new Configuration(false);
    settings.addResource(
        new org.apache.hadoop.fs.Path(settings().resolve("core-site.xml").toUri()));
    return FileSystem.newInstance(settings);
  }

  /**
   * Waits until the data node has forced blocks to its disk so often.
   *
   * @return how often it has
   */
  long awaitSyncs(long count) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    long seen = syncs();
    while (seen < count) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(seen + " syncs instead of at least " + count);
      }
      seen = syncs();
    }
    return seen;
  }

  /** How often the data node has forced a block to its disk, by its own count. */
  long syncs() throws Exception {
    // What it shows is at most a tenth of a second old.
    Thread.sleep(300);
    try (FileSystem hdfs = fileSystem()) {
      String node = ((DistributedFileSystem) hdfs).getDataNodeStats()[0].getInfoAddr();
      URL url =
          new URL("http://" + node + "/jmx?qry=Hadoop:service=DataNode,name=DataNodeActivity*");
      try (InputStream in = url.openStream()) {
        return Json.tree(in.readAllBytes()).at("/beans/0/FsyncCount").asLong(-1);
      }
    }
  }

  /** The JVM of an application's master, the driver in cluster mode. */
  Optional<ProcessHandle> applicationMaster() {
    return process
        .descendants()
        .filter(each -> each.info().command().orElse("").endsWith("/java"))
        .filter(
            each -> each.info().commandLine().orElse("").contains("deploy.yarn.ApplicationMaster"))
        .findFirst();
  }

  /** Ends both without a farewell, which takes half a minute; containers that are left, too. */
  @Override
  public void close() {
    List<ProcessHandle> containers = process.descendants().toList();
    process.destroyForcibly();
    containers.forEach(ProcessHandle::destroyForcibly);
    process.onExit().join();
  }
}
