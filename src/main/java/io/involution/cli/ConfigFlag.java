package io.involution.cli;

import io.involution.config.TrainConfig;
import io.involution.config.TrainConfig.NamedText;
import io.involution.config.TrainOptions;
import io.involution.config.hocon.Recipes;
import io.involution.driver.input.DriverFile;
import io.involution.failure.InputException;
import io.involution.failure.Places;
import java.util.Iterator;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The configuration file of a command that takes options of a training. */
final class ConfigFlag {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "HOCON file with any options of train, as in conf/train.conf, or a recipe of the job:"
              + " ${COMPLETION-CANDIDATES}. The command line overrides it.",
      completionCandidates = RecipeNames.class)
  private String config;

  /** The options: those of the command line, then the file's, then the defaults. */
  TrainOptions options() {
    return TrainConfig.load(
        TrainFlags.given(command), Optional.ofNullable(config).map(ConfigFlag::settings));
  }

  private static NamedText settings(String name) {
    return new NamedText(Places.shown(name), Recipes.text(name).orElseGet(() -> file(name)));
  }

  private static String file(String name) {
    try {
      return DriverFile.text("--config", name, HadoopSettings.here());
    } catch (InputException e) {
      // A name without a folder and an ending may be a recipe's, misspelled.
      throw name.matches("[\\w-]+")
          ? new InputException(
              e.getMessage() + ", or use a recipe: " + String.join(", ", Recipes.NAMES), e)
          : e;
    }
  }

  /** The recipes, for the help. */
  private static final class RecipeNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Recipes.NAMES.iterator();
    }
  }
}
