package io.involution.report.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.involution.report.run.RunData;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunCommandTest {
  private static String command(String identity) throws IOException {
    String record =
        """
        {"cluster": {"master": "local[2]"}, "workers": 2, "identity": {%s}, "options": {
          "model": "nets/lenet.json", "epochs": 3, "optimizer": "adam", "momentum": null,
          "learning_rate": 0.001, "learning_rate_decay": "constant", "weight_decay": 0.5, "seed": 42
        }}
        """
            .replace("%s", identity);
    return new RunCommand(new RunData("out", new ObjectMapper().readTree(record), List.of()))
        .line();
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
}
