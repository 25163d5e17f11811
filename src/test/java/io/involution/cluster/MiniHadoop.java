package io.involution.cluster;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.server.MiniYARNCluster;

/**
 * HDFS and YARN in a process of their own, so that nothing of theirs meets the job's class path.
 * Ends when its standard input does: when whoever has started it is gone.
 */
final class MiniHadoop {
  private MiniHadoop() {}

  /** Argument: the folder to work in; its {@code conf} is what clients need as HADOOP_CONF_DIR. */
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    Configuration base = new Configuration();
    base.set("hadoop.tmp.dir", folder.resolve("tmp").toString());
    try (MiniDFSCluster hdfs =
            new MiniDFSCluster.Builder(base, folder.resolve("hdfs").toFile())
                .numDataNodes(1)
                .format(true)
                .build();
        MiniYARNCluster yarn = new MiniYARNCluster("yarn", 1, 1, 1)) {
      hdfs.waitActive();
      yarn.init(settings(base, hdfs.getFileSystem().getUri().toString()));
      yarn.start();
      if (!yarn.waitForNodeManagersToConnect(60_000)) {
        throw new IllegalStateException("the node manager did not connect");
      }
      write(folder.resolve("conf"), new Configuration(yarn.getConfig()));
      System.out.println("ready");
      System.in.transferTo(OutputStream.nullOutputStream());
    }
    System.exit(0);
  }

  private static YarnConfiguration settings(Configuration base, String fileSystem) {
    YarnConfiguration settings = new YarnConfiguration(base);
    settings.set("fs.defaultFS", fileSystem);
    // The mini cluster has a key of its own for it.
    settings.setInt(YarnConfiguration.YARN_MINICLUSTER_NM_PMEM_MB, 16_384);
    settings.setInt("yarn.nodemanager.resource.cpu-vcores", 8);
    settings.setInt("yarn.scheduler.minimum-allocation-mb", 128);
    // Containers start and are seen to end at heartbeats.
    settings.setInt("yarn.resourcemanager.nodemanagers.heartbeat-interval-ms", 100);
    settings.setBoolean("yarn.nodemanager.vmem-check-enabled", false);
    settings.setBoolean("yarn.nodemanager.pmem-check-enabled", false);
    settings.setFloat(
        "yarn.nodemanager.disk-health-checker.max-disk-utilization-per-disk-percentage", 99.9f);
    settings.setInt("yarn.nodemanager.disk-health-checker.min-free-space-per-disk-mb", 0);
    settings.set("yarn.scheduler.capacity.root.queues", "default");
    settings.setInt("yarn.scheduler.capacity.root.default.capacity", 100);
    settings.setFloat("yarn.scheduler.capacity.maximum-am-resource-percent", 0.9f);
    return settings;
  }

  private static void write(Path folder, Configuration settings) throws IOException {
    // Spark brings its own; and finds no rack of a host by the default, which is not on its path.
    settings.set("yarn.application.classpath", "");
    settings.set(
        "net.topology.node.switch.mapping.impl", "org.apache.hadoop.net.ScriptBasedMapping");
    Files.createDirectories(folder);
    for (String name : new String[] {"core-site.xml", "hdfs-site.xml", "yarn-site.xml"}) {
      try (OutputStream out = Files.newOutputStream(folder.resolve(name))) {
        settings.writeXml(out);
      }
    }
  }
}
