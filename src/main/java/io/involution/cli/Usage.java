package io.involution.cli;

import io.involution.config.DeclaredOption;
import io.involution.config.TrainConfig;
import io.involution.driver.provenance.JobVersion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** What commands share: the help's short usage line and headings, and the version. */
final class Usage {
  /** Set by the scripts in submit/ to the name under which users call the job. */
  private static final String CALLED_AS = "INVOLUTION_CALLED_AS";

  private static final int WIDTH = 100;

  private Usage() {}

  /** Applies this to a command and its subcommands. */
  static void install(CommandLine command, String calledAs) {
    command.setCommandName(calledAs);
    style(command);
  }

  /** The words that users type before the command. */
  static String calledAs() {
    return System.getenv().getOrDefault(CALLED_AS, "spark-submit involution-spark.jar");
  }

  private static void style(CommandLine command) {
    // Each command offers --version, and has one of its own.
    command.getCommandSpec().versionProvider(new JobVersion());
    command
        .getCommandSpec()
        .usageMessage()
        .abbreviateSynopsis(true)
        .width(WIDTH)
        .synopsisHeading("Usage: ")
        .descriptionHeading("%n")
        .parameterListHeading("%nParameters%n")
        .commandListHeading("%nCommands%n");
    command.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, Usage::options);
    command.getSubcommands().values().forEach(Usage::style);
  }

  private static String options(Help help) {
    StringBuilder text = new StringBuilder();
    groups(help.commandSpec().options())
        .forEach(
            (heading, options) -> {
              Help.Layout layout = help.createDefaultLayout(options, List.of(), help.colorScheme());
              layout.addOptions(options, help.parameterLabelRenderer());
              text.append(String.format(Locale.ROOT, "%n%s%n%s", heading, layout));
            });
    return text.toString();
  }

  /** A command's options by heading: its own, then those that it shares with train. */
  static Map<String, List<OptionSpec>> groups(List<OptionSpec> options) {
    Map<String, List<OptionSpec>> groups = new LinkedHashMap<>();
    groups.put(
        "Options",
        options.stream().filter(o -> !(o.userObject() instanceof DeclaredOption)).toList());
    String heading = "";
    for (DeclaredOption declared : TrainConfig.OPTIONS) {
      String own = declared.declaration().heading();
      heading = own.isEmpty() ? heading : own;
      for (OptionSpec option : options) {
        if (option.userObject() == declared) {
          groups.computeIfAbsent(heading, key -> new ArrayList<>()).add(option);
        }
      }
    }
    return groups;
  }
}
