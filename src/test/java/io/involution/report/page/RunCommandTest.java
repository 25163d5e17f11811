package io.involution.report.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.involution.report.run.RunData;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunCommandTest {
  private static String command(String identity) throws IOException {
    return line(
        """
        {"cluster": {"master": "local[2]"}, "workers": 2, "identity": {%s}, "options": {
          "model": "nets/lenet.json", "epochs": 3, "optimizer": "adam", "momentum": null,
          "learning_rate": 0.001, "learning_rate_decay": "constant", "weight_decay": 0.5, "seed": 42
        }}
        """
            .replace("%s", identity));
  }

  private static String line(String record) throws IOException {
    return String.join("\n", new RunCommand(run(record)).lines());
  }

  private static RunData run(String record) throws IOException {
    return new RunData("out", new ObjectMapper().readTree(record), List.of());
  }

  /**
   * Given by hand they would win over the network's own, which they did not when it was trained.
   */
  @Test
  void whatAUsersNetworkSaysItselfIsLeftToIt() throws IOException {
    assertThat(command("\"network lenet\": \"0123abcd weight-decay\""))
        .isEqualTo(
            "submit/local train --model nets/lenet.json --epochs 3 --weight-decay 0.5 --workers 2");
    assertThat(command("\"seed\": \"42\""))
        .isEqualTo(
            "submit/local train --model nets/lenet.json --epochs 3 --optimizer adam"
                + " --learning-rate 0.001 --learning-rate-decay constant --weight-decay 0.5"
                + " --seed 42 --workers 2");
  }

  /** The step size of each part follows the schedule of as many epochs as were to be then. */
  @Test
  void aRunThatWentOnIsRepeatedPartByPart() throws IOException {
    String record =
        """
        {"cluster": {"master": "local[2]"}, "workers": 2, %s "options": {
          "out": "runs/first", "epochs": 20, "learning_rate_decay": "cosine"}}
        """;
    String train = "submit/local train --epochs %s --learning-rate-decay cosine --workers 2";
    String wentOn = record.replace("%s", "\"identity\": {\"scheduled_epochs\": \"9.9, 20\"},");

    assertThat(line(record.replace("%s", ""))).isEqualTo(train.replace("%s", "20"));
    assertThat(line(wentOn).lines())
        .containsExactly(
            train.replace("%s", "9.9") + " --out runs/repeated",
            train.replace("%s", "20") + " --out runs/repeated --resume");
    String again = record.replace("%s", "\"identity\": {\"scheduled_epochs\": \"9.9, 12\"},");
    assertThat(line(again).lines())
        .as("the epochs after 12 changed nothing")
        .hasSize(3)
        .last()
        .isEqualTo(train.replace("%s", "20") + " --out runs/repeated --resume");
    assertThat(new ProvenanceSection(run(wentOn)).html().toString())
        .contains("the last command alone does not give the same parameters")
        .doesNotContain("This command repeats the run");
  }

  @ParameterizedTest
  @CsvSource({
    "local[2], submit/local --gpus-per-executor 2",
    "yarn, submit/yarn --gpus-per-executor 2",
    "spark://host:7077, submit/standalone --master spark://host:7077 --gpus-per-executor 2",
    "k8s://https://host:6443, submit/k8s --master k8s://https://host:6443 --gpus-per-executor 2"
  })
  void gpusAndTheirClusterAreAskedForAgain(String master, String submit) throws IOException {
    String record =
        """
        {"cluster": {"master": "%s"}, "workers": 4, "options": {"device": "auto"}, "devices": [
          {"worker": 0, "executor": "1", "device": "gpu:0", "gpu": {"index": 0, "uuid": "GPU-a"}},
          {"worker": 1, "executor": "1", "device": "gpu:1", "gpu": {"index": 1, "uuid": "GPU-b"}},
          {"worker": 2, "executor": "1", "device": "gpu:1", "gpu": {"index": 1, "uuid": "GPU-b"}},
          {"worker": 3, "executor": "2", "device": "gpu:0", "gpu": {"index": 0, "uuid": "GPU-c"}}
        ]}
        """;

    assertThat(line(record.replace("%s", master)))
        .isEqualTo(submit + " train --device auto --workers 4");
  }

  @Test
  void withoutAGpuNoneIsAskedFor() throws IOException {
    String record =
        """
        {"cluster": {"master": "yarn"}, "workers": 1, "options": {},
          "devices": [{"worker": 0, "executor": "1", "device": "cpu", "gpu": null}]}
        """;

    assertThat(line(record)).isEqualTo("submit/yarn train --workers 1");
  }
}
