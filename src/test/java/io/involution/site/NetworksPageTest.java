package io.involution.site;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.config.ModelChoice;
import io.involution.config.TrainConfig;
import io.involution.data.DataSchema;
import io.involution.data.ImageShape;
import io.involution.driver.input.Networks;
import io.involution.model.network.Network;
import io.involution.model.network.NetworkBlueprint;
import io.involution.train.time.EpochPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of the page about users' networks is this package's class, and it trains. */
class NetworksPageTest {
  private static final EpochPlan PLAN = new EpochPlan(64, 2, 8, 2);

  @TempDir private Path folder;

  private static NetworkBlueprint blueprint(String word, DataSchema schema, Object... options) {
    Network network = Networks.read(ModelChoice.parse(word), new Configuration()).get(0);
    Map<String, Object> given =
        options.length == 0 ? Map.of() : Map.of((String) options[0], options[1]);
    return Networks.blueprint(network, TrainConfig.load(given, Optional.empty()), PLAN, schema);
  }

  @Test
  void thePageShowsTheClassThatIsTested() throws IOException {
    String source = Files.readString(Path.of("src/test/java/io/involution/site/LeNet.java"));
    List<String> blocks = Page.read(Path.of("src/site/markdown/networks.md")).blocks("java");
    assertThat(blocks).singleElement().asString().isEqualTo(source);
  }

  @Test
  void theClassAndItsFileAreTheSameNetwork() throws IOException {
    Path file = folder.resolve("lenet.json");
    LeNet.main(new String[] {file.toString()});

    NetworkBlueprint design = blueprint("class:" + LeNet.class.getName(), DataSchema.CIFAR10);

    assertThat(design).isEqualTo(blueprint(file.toString(), DataSchema.CIFAR10));
    assertThat(design.label()).isEqualTo("lenet");
    DataSchema digits = new DataSchema(new ImageShape(1, 28, 28), List.of("0", "1", "2", "3", "4"));
    assertThat(blueprint("class:" + LeNet.class.getName(), digits).parameters())
        .isEqualTo(20 * 26 + 4 * 20 + 12 * 12 * 20 * 5 + 5);
  }

  /** Whatever its value: the default, too, wins when it is given. */
  @Test
  void optionsGivenByHandWinOverTheConfiguration() {
    String word = "class:" + LeNet.class.getName();
    String own = blueprint(word, DataSchema.CIFAR10).json();

    assertThat(own).contains("\"learningRate\" : 0.01").contains("\"seed\" : 1,");
    assertThat(blueprint(word, DataSchema.CIFAR10, "learning-rate", 0.001).json())
        .contains("\"learningRate\" : 0.001")
        .doesNotContain("\"learningRate\" : 0.01,")
        .contains("\"momentum\" : 0.9");
    assertThat(blueprint(word, DataSchema.CIFAR10, "warmup-epochs", 2).json())
        .contains("\"peak\" : 0.01");
    assertThat(blueprint(word, DataSchema.CIFAR10, "weight-decay", 0.1).json())
        .contains("WeightDecay");
    assertThat(blueprint(word, DataSchema.CIFAR10, "optimizer", "adam").json())
        .contains("learning.config.Adam", "\"learningRate\" : 0.001")
        .doesNotContain("Nesterovs");
    assertThat(blueprint(word, DataSchema.CIFAR10, "optimizer", "muon").json())
        .contains("learning.config.Adam")
        .doesNotContain("Nesterovs");
    assertThat(blueprint(word, DataSchema.CIFAR10, "seed", 9).json())
        .contains("\"seed\" : 9,")
        .doesNotContain("\"seed\" : 1,");
    assertThat(blueprint(word, DataSchema.CIFAR10, "epochs", 9).json()).isEqualTo(own);
    Map<String, Object> given = Map.of("model", word, "seed", 42);
    assertThat(Networks.notices(TrainConfig.load(given, Optional.empty())))
        .containsExactly("lenet: --seed, given by hand, instead of what the configuration says");
  }
}
