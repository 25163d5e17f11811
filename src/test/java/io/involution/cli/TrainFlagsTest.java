package io.involution.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.config.DeclaredOption;
import io.involution.config.TrainConfig;
import io.involution.config.TrainConfig.NamedText;
import io.involution.config.option.Option.Effect;
import io.involution.driver.provenance.RunIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** There is one list of train's options: what is known of them elsewhere comes from it. */
class TrainFlagsTest {
  private static final List<String> NAMES =
      TrainConfig.OPTIONS.stream().map(DeclaredOption::name).toList();

  private static Set<String> flags(String command) {
    CommandLine found = Main.commandLine("x").getSubcommands().get(command);
    return found.getCommandSpec().options().stream()
        .map(option -> option.longestName().substring(2))
        .collect(Collectors.toSet());
  }

  @Test
  void flagsAndHelpAreTheDeclaredOptions() throws IOException {
    String help = Files.readString(Path.of("submit", "help", "train.txt"));

    assertThat(NAMES).doesNotHaveDuplicates();
    assertThat(flags("train")).containsAll(NAMES).hasSize(NAMES.size() + 4);
    assertThat(NAMES).allSatisfy(name -> assertThat(help).containsPattern("--" + name + "\\b"));
  }

  @Test
  void theConfigurationFileHasEveryDefault() throws IOException {
    String text = Files.readString(Path.of("conf", "train.conf"));

    assertThat(TrainConfig.load(Map.of(), Optional.of(new NamedText("conf/train.conf", text))))
        .isEqualTo(TrainConfig.defaults());
    assertThat(text.lines().filter(line -> line.matches("  [a-z].* = .*"))).hasSize(NAMES.size());
  }

  @Test
  void aRecipesNameThatIsMisspelledIsToldTheOthers() {
    assertThat(Called.command("train", "--config", "convolutoin").error())
        .contains("--config convolutoin cannot be read", "or use a recipe: convolution, ");
    assertThat(Called.command("train", "--config", "convolutoin.conf").error())
        .doesNotContain("recipe");
    assertThat(Called.command("train", "--config", "convolution", "--epochs", "0").error())
        .contains("--epochs is 0");
  }

  @Test
  void runsRecordWhatDescribesThem() {
    List<String> recorded =
        TrainConfig.OPTIONS.stream()
            .filter(option -> option.declaration().effect() != Effect.START)
            .map(DeclaredOption::key)
            .toList();

    assertThat(RunIdentity.shown(TrainConfig.defaults(), "out").keySet())
        .containsExactlyInAnyOrderElementsOf(recorded);
  }

  @Test
  void whatCommandsShareIsDeclared() {
    for (CommandLine command : Main.commandLine("x").getSubcommands().values()) {
      Takes takes = command.getCommandSpec().userObject().getClass().getAnnotation(Takes.class);
      if (takes != null) {
        assertThat(NAMES).containsAll(List.of(takes.value()));
      }
    }
  }
}
