package io.involution.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.config.ModelChoice;
import io.involution.data.Sha256;
import io.involution.metrics.MetricsFolder;
import io.involution.metrics.ResultFiles;
import io.involution.model.ModelMetadata;
import io.involution.report.run.RunData;
import io.involution.run.Checkpoint;
import io.involution.run.Checkpoints;
import io.involution.run.RunFolder;
import io.involution.run.RunFolder.Mode;
import io.involution.train.RoundFixture;
import io.involution.train.TrainingPoint;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a network is called: all that reads a run's folder knows the files by its name. */
class NetworkNamesTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "v1.5/resnet-v1.5.json,my_net.json,my-net.yaml,my--net.yml",
        "Netz für Übungen.json,  two  blanks .json,.hidden.json,a/网络.yaml",
        "class:com.acme.Deep$Inner_1,trailing..json,net-00001.json,net-00001-00002.json",
        "both,xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.json"
      })
  void everyReaderKnowsEveryName(String words) {
    List<String> labels = ModelChoice.parse(words).labels();
    Path out = folder.resolve("run");
    new RunFixture(42).epochs(2).models(labels.toArray(String[]::new)).write(out);
    RunFolder run = RunFolder.take(out.toString(), Mode.RESUME, new Configuration());

    for (String label : labels) {
      assertThat(ModelMetadata.isNetwork(label)).as(label).isTrue();
      assertThat(new MetricsFolder(run).epoch(label, 1)).as(label).isPresent();
      assertThat(ResultFiles.isWhole(run, label + "/artifacts/network.json", new byte[1]))
          .as(label)
          .isFalse();
      assertCheckpointIsRead(run, label);
    }
    Map<String, byte[]> report = RunReport.files(RunData.read(run));
    for (String label : labels) {
      assertThat(report)
          .containsKeys("accuracy-epochs-" + label + ".svg", "mistakes-" + label + ".png");
    }
    report.forEach(run::replaceReport);
    RunFolder.take(out.toString(), Mode.OVERWRITE, new Configuration());
    assertThat(out.toFile().list()).containsExactly("attempts");
  }

  private static void assertCheckpointIsRead(RunFolder run, String label) {
    String part = "metrics/part-" + label + "-00001-00001.jsonl";
    Checkpoints checkpoints = new Checkpoints(run, label, Map.of());
    checkpoints.save(
        new Checkpoint(
            TrainingPoint.start(RoundFixture.state(0, 0.5f)),
            List.of(),
            Map.of(part, Sha256.hex(run.read(part).orElseThrow()))));
    assertThat(checkpoints.latest(warning -> {})).as(label).isPresent();
  }
}
