package io.involution.submit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Machines that are not set up as a developer's is. */
class MachineIT {
  private static final String TRAIN =
      " train --data synthetic --train-limit 1100 --test-limit 20 --epochs 1 --model involution"
          + " --workers 2 --out ";

  @TempDir private Path folder;

  /** Neither the driver nor the executors need a home, a known host name, or a known language. */
  @Test
  void executorsTrainOnAMachineWithoutAHomeAndWithAnotherLanguage() throws Exception {
    Path out = folder.resolve("run");
    String name = "unshare -u true 2>/dev/null && exec unshare -u sh -c 'hostname no.such.host; ";
    String job = "exec env -u HOME submit/local-cluster" + TRAIN + out;
    String options = "-Duser.language=fa -Duser.country=IR -Duser.timezone=Asia/Kathmandu";

    Command.Result result =
        bash(name + job + "'; " + job)
            .with("JAVA_TOOL_OPTIONS", options)
            .with("TZ", "Pacific/Chatham")
            .run();

    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.err()).doesNotContain("\tat ");
    assertThat(out.resolve("attempts/attempt-00001")).exists();
    for (String file : List.of("run.json", "metrics.jsonl")) {
      assertThat(Files.readString(out.resolve(file))).doesNotContainPattern("[\\p{Nd}&&[^0-9]]");
    }
  }

  @Test
  void whoReadsOnlyTheFirstLineSeesNoTrace() throws Exception {
    Command.Result result = bash("submit/local summary | head -n 1").run();

    assertThat(result.out().lines()).hasSize(1);
    assertThat(result.err()).doesNotContain("\tat ", "Exception");
  }

  @Test
  void aDefaultFileSystemThatIsAwayIsNamed() throws Exception {
    String site =
        """
        <configuration>
          <property><name>fs.defaultFS</name><value>hdfs://127.0.0.1:1</value></property>
          <property><name>ipc.client.connect.max.retries</name><value>0</value></property>
        </configuration>
        """;
    Files.writeString(folder.resolve("core-site.xml"), site);

    Command.Result result =
        bash("submit/local" + TRAIN + "/data/x").with("HADOOP_CONF_DIR", folder.toString()).run();

    assertThat(result.exitCode()).as(result.err()).isEqualTo(2);
    assertThat(result.err().lines().filter(line -> line.startsWith("error: ")))
        .singleElement()
        .asString()
        .contains("--out /data/x", "hdfs://127.0.0.1:1/data/x", "file:/data/x");
    assertThat(result.err()).doesNotContain("\tat ");
  }

  private static Command bash(String script) throws IOException {
    return Command.of(Path.of("").toAbsolutePath(), Path.of("bash"), "-c", script);
  }
}
