package io.involution.driver.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.involution.driver.input.Networks;
import io.involution.metrics.RunRecord;
import io.involution.model.UserNetworks;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.network.NetworkKind;
import io.involution.run.RunFolder;
import io.involution.run.RunFolder.Mode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluateJobTest {
  @TempDir private Path folder;

  @Test
  void theFolderKnowsUsersNetworksByTheIdentity() {
    Configuration hadoop = new Configuration();
    NetworkBlueprint users = NetworkBlueprint.of("lenet", UserNetworks.leNet());
    Map<String, String> identity =
        EvaluateJob.users(List.of(Networks.untrained(NetworkKind.CONVOLUTION), users));
    String out = folder.resolve("evaluated").toString();
    RunFolder run = RunFolder.take(out, Mode.NEW, hadoop);
    run.write("lenet/artifacts/network.json", new byte[0]);
    new RunRecord(run, identity).write();

    assertThat(identity).containsOnlyKeys("network lenet");
    assertThatCode(() -> RunFolder.check(out, Mode.OVERWRITE, hadoop)).doesNotThrowAnyException();
  }
}
