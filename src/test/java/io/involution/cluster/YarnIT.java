package io.involution.cluster;

import static io.involution.files.Durability.NOT_NEEDED;
import static io.involution.files.Durability.ON_DISK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.involution.data.Cifar10Files;
import io.involution.files.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** submit/yarn on a real YARN, data and outputs on a real HDFS. */
class YarnIT {
  private static final int WORKERS = 2;

  /** More than so few durable writes can cause, even if each block is synced twice. */
  private static final int MOST_SYNCS = 20;

  @TempDir private static Path folder;
  private static HadoopCluster cluster;
  private static FileSystem hdfs;
  private static String inOneJvm;

  @BeforeAll
  static void startCluster() throws Exception {
    Path data = folder.resolve("data-set");
    Cifar10Files.write(data, Cifar10Files.files(10_000, 5));
    inOneJvm = SmallRun.inOneJvm(folder, WORKERS, data.toString());
    cluster = HadoopCluster.start(Files.createDirectories(folder.resolve("hadoop")));
    hdfs = cluster.fileSystem();
    hdfs.copyFromLocalFile(hadoopPath(data), new org.apache.hadoop.fs.Path("/data"));
    Path jar = Path.of(System.getProperty("job.jar"));
    hdfs.copyFromLocalFile(hadoopPath(jar), new org.apache.hadoop.fs.Path("/job.jar"));
  }

  @AfterAll
  static void stopCluster() throws Exception {
    if (hdfs != null) {
      hdfs.close();
    }
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void aDriverHereGivesTheResultOfOneJvm() throws Exception {
    long before = cluster.syncs();
    List<String> submit =
        List.of("--deploy-mode", "client", "--num-executors", String.valueOf(WORKERS));
    try (JobProcess run = start(submit, "first")) {
      assertThat(run.await()).as(run.err()).isZero();
      assertThat(run.out()).contains("written to hdfs://");
    }
    Path copy = fetched("first");
    assertThat(RunFigures.of(copy)).isEqualTo(inOneJvm);
    try (Stream<Path> files = Files.walk(copy)) {
      long written = files.filter(Files::isRegularFile).filter(YarnIT::isOurs).count();
      cluster.awaitSyncs(before + written);
    }
  }

  /** Not the checksums that Hadoop's client writes next to a copy. */
  private static boolean isOurs(Path file) {
    return !file.getFileName().toString().endsWith(".crc");
  }

  /** Every block, also of a file of several, is on the data node's disk when a write returns. */
  @Test
  void whatIsWrittenDurablyIsSyncedByTheDataNode() throws Exception {
    int block = 1 << 20;
    Configuration settings = new Configuration(hdfs.getConf());
    settings.setInt("dfs.blocksize", block);
    try (FileSystem small = FileSystem.newInstance(hdfs.getUri(), settings)) {
      DurableFiles files = new DurableFiles(small);
      for (int i = 0; i < MOST_SYNCS; i++) {
        files.replace(new org.apache.hadoop.fs.Path("/beat"), new byte[9], NOT_NEEDED);
      }
      long before = cluster.syncs();
      files.createNew(new org.apache.hadoop.fs.Path("/new"), new byte[9]);
      cluster.awaitSyncs(before + 1);
      files.replace(new org.apache.hadoop.fs.Path("/new"), new byte[9], ON_DISK);
      cluster.awaitSyncs(before + 2);
      byte[] blocks = new byte[2 * block + 9];
      files.replace(new org.apache.hadoop.fs.Path("/long"), blocks, ON_DISK);

      // Three files with a sync at their ends, of one, one, and three blocks with one each.
      assertThat(cluster.awaitSyncs(before + 3 + 5) - before).isLessThan(MOST_SYNCS);
    }
  }

  /** The name node has an exception of its own for it. */
  @Test
  void aFileThatAnotherProcessHasOpenIsTaken() throws Exception {
    org.apache.hadoop.fs.Path claim = new org.apache.hadoop.fs.Path("/claim");
    try (FileSystem other = FileSystem.newInstance(hdfs.getUri(), hdfs.getConf());
        FSDataOutputStream out = other.create(claim, false)) {
      out.write(1);

      assertThatThrownBy(() -> new DurableFiles(hdfs).createNew(claim, new byte[9]))
          .isInstanceOf(FileAlreadyExistsException.class);
    }
    assertThat(hdfs.getFileStatus(claim).getLen()).isOne();
  }

  @Test
  void anAttemptThatIsKilledInTheMiddleGoesOnByItself() throws Exception {
    try (JobProcess run = start(inCluster(), "killed", "--resume")) {
      awaitFile(run, "killed/metrics", "part-involution-00003");
      cluster.applicationMaster().orElseThrow().destroyForcibly();
      assertThat(run.await()).as(run.err()).isZero();
    }
    String figures = RunFigures.of(fetched("killed"));
    assertThat(figures).contains("\"run_attempt\":1", "\"run_attempt\":2");
    assertThat(figures.replace("\"run_attempt\":2", "\"run_attempt\":1")).isEqualTo(inOneJvm);
  }

  @Test
  void aTimeLimitIsNoFailureThatYarnWouldTryAgain() throws Exception {
    try (JobProcess run = start(inCluster(), "limited", "--resume", "--time-limit", "1s")) {
      assertThat(run.await()).as(run.err()).isZero();
    }
    assertThat(hdfs.listStatus(new org.apache.hadoop.fs.Path("/limited/attempts"))).hasSize(1);
    assertThat(hdfs.exists(new org.apache.hadoop.fs.Path("/limited/metrics.jsonl"))).isFalse();
  }

  @Test
  void aResourceTypeThatYarnDoesNotHaveIsToldBeforeAnythingStarts() throws Exception {
    List<String> command =
        List.of(
            "submit/yarn",
            "--conf",
            "spark.executor.resource.gpu.amount=1",
            "train",
            "--out",
            hdfs.getUri() + "/no-gpus");
    Map<String, String> environment = Map.of("HADOOP_CONF_DIR", cluster.settings().toString());
    try (JobProcess run = JobProcess.start(folder, command, environment)) {
      assertThat(run.await()).as(run.out()).isEqualTo(2);
      assertThat(run.err().lines().filter(line -> line.startsWith("error: ")))
          .singleElement()
          .asString()
          .contains("yarn.io/gpu", "memory-mb", "yarn.resource-types");
    }
    assertThat(hdfs.exists(new org.apache.hadoop.fs.Path("/no-gpus"))).isFalse();
  }

  /** Driver and workers in the cluster, by a job jar that is there already, on one executor. */
  private static List<String> inCluster() {
    return List.of(
        "--deploy-mode",
        "cluster",
        "--num-executors",
        "1",
        "--executor-cores",
        String.valueOf(WORKERS),
        "--job-jar",
        hdfs.getUri() + "/job.jar");
  }

  private static JobProcess start(List<String> where, String out, String... options)
      throws IOException {
    List<String> submit = new ArrayList<>(List.of("submit/yarn"));
    submit.addAll(where);
    submit.addAll(List.of("--driver-memory", "512m", "--executor-memory", "512m"));
    String jars = "spark.yarn.jars=local:" + StandaloneCluster.sparkHome() + "/jars/*";
    submit.addAll(List.of("--conf", jars, "--conf", "spark.yarn.report.interval=200ms"));
    submit.addAll(List.of("--conf", "spark.yarn.scheduler.heartbeat.interval-ms=200"));
    submit.addAll(SmallRun.quickDriver());
    List<String> command =
        new ArrayList<>(
            SmallRun.train(submit, WORKERS, hdfs.getUri() + "/data", hdfs.getUri() + "/" + out));
    command.addAll(List.of(options));
    return JobProcess.start(
        folder, command, Map.of("HADOOP_CONF_DIR", cluster.settings().toString()));
  }

  private static void awaitFile(JobProcess run, String place, String start) throws Exception {
    org.apache.hadoop.fs.Path parent = new org.apache.hadoop.fs.Path("/" + place);
    org.apache.hadoop.fs.Path pattern = new org.apache.hadoop.fs.Path(parent, start + "*");
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
    while (hdfs.globStatus(pattern).length == 0) {
      if (!run.isAlive() || System.nanoTime() > deadline) {
        throw new AssertionError("no " + pattern + ": " + run.out() + run.err());
      }
      Thread.sleep(20);
    }
  }

  private static Path fetched(String out) throws IOException {
    Path copy = folder.resolve("fetched-" + out);
    hdfs.copyToLocalFile(new org.apache.hadoop.fs.Path("/" + out), hadoopPath(copy));
    return copy;
  }

  private static org.apache.hadoop.fs.Path hadoopPath(Path path) {
    return new org.apache.hadoop.fs.Path(path.toUri());
  }
}
