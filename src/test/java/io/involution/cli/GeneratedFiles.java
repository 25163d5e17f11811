package io.involution.cli;

import io.involution.config.DeclaredOption;
import io.involution.config.TrainConfig;
import io.involution.site.FieldsPage;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The committed files that are made from declarations: of the options, and of what is written. */
final class GeneratedFiles {
  private static final int WIDTH = 96;
  private static final String CALLED_AS = "submit/TARGET";

  private final CommandLine main = Main.commandLine(CALLED_AS);

  /** The text of every file, by its path. */
  Map<Path, String> texts() {
    Map<Path, String> texts = new LinkedHashMap<>();
    texts.put(Path.of("conf", "train.conf"), trainConf());
    texts.put(Path.of("src", "site", "markdown", "options.md"), page());
    texts.put(Path.of("src", "site", "markdown", "fields.md"), FieldsPage.text());
    texts.put(help("commands"), main.getHelp().commandList());
    commands()
        .forEach(
            (name, command) ->
                texts.put(
                    help(name.replace(' ', '-')),
                    command.getUsageMessage(Ansi.OFF)
                        + "\n"
                        + "Options of the target, such as --gpus-per-executor, go before the"
                        + " command: see\n"
                        + CALLED_AS
                        + " --help.\n"));
    return texts;
  }

  private static Path help(String name) {
    return Path.of("submit", "help", name + ".txt");
  }

  /** All commands by the words that call them, such as {@code experiment status}. */
  private Map<String, CommandLine> commands() {
    Map<String, CommandLine> commands = new LinkedHashMap<>();
    main.getSubcommands()
        .forEach(
            (name, command) -> {
              commands.put(name, command);
              command
                  .getSubcommands()
                  .forEach((below, inner) -> commands.put(name + " " + below, inner));
            });
    return commands;
  }

  // ---- conf/train.conf ------------------------------------------------------------------------

  private static String trainConf() {
    StringBuilder text = new StringBuilder();
    text.append(
        "# Every option of the train command with its default. Copy what you want to change\n");
    text.append(
        "# into a file of your own and pass it with --config FILE; options on the command\n");
    text.append("# line override it, and unknown keys are refused. This file is generated, see\n");
    text.append("# src/site/markdown/contributing.md.\n\ntrain {\n");
    for (DeclaredOption option : TrainConfig.OPTIONS) {
      String heading = option.declaration().heading();
      text.append(heading.isEmpty() ? "" : "  # ---- " + heading + " ----\n\n");
      wrapped(comment(option)).forEach(line -> text.append("  # ").append(line).append('\n'));
      String value = option.declaration().defaultValue();
      text.append(
          String.format(
              Locale.ROOT, "  %s = %s%n%n", option.name(), value.isEmpty() ? "\"\"" : value));
    }
    return text.toString().stripTrailing() + "\n}\n";
  }

  private static String comment(DeclaredOption option) {
    String words =
        option.type().isEnum() ? " One of " + option.label().replace("|", ", ") + "." : "";
    String value = option.declaration().defaultValue();
    String byDefault = option.declaration().byDefault();
    if (!byDefault.isEmpty() && !byDefault.startsWith(value + ":")) {
      byDefault = (value.isEmpty() ? "Empty" : value) + ": " + byDefault;
    }
    String bounds = option.bounds().isEmpty() ? "" : " Use " + option.bounds() + ".";
    return (option.declaration().help()
            + " "
            + option.declaration().details()
            + words
            + bounds
            + (byDefault.isEmpty() ? "" : " " + byDefault + "."))
        .replace("  ", " ");
  }

  private static List<String> wrapped(String text) {
    return List.of(text.strip().replaceAll("(.{1," + WIDTH + "})(?: +|$)", "$1\n").split("\n"));
  }

  // ---- The options page -----------------------------------------------------------------------

  private String page() {
    StringBuilder page = new StringBuilder();
    page.append("# Options\n\nThis page is generated from the declarations of the options, see\n");
    page.append(
        "[contributing](contributing.md). `submit/local COMMAND --help` prints the same.\n");
    commands().forEach((name, command) -> page.append(section(name, command.getCommandSpec())));
    return page.toString();
  }

  private static String section(String name, CommandSpec command) {
    StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "\n## %s%n%n", name));
    text.append(description(command.usageMessage().description())).append('\n');
    for (PositionalParamSpec parameter : command.positionalParameters()) {
      text.append(
          String.format(
              Locale.ROOT,
              "%n`%s`: %s%n",
              parameter.paramLabel(),
              description(parameter.description())));
    }
    if (name.equals("train")) {
      Usage.groups(command.options())
          .forEach(
              (heading, options) -> text.append("\n### " + heading + "\n").append(table(options)));
      return text.toString();
    }
    List<OptionSpec> own =
        command.options().stream()
            .filter(option -> !(option.userObject() instanceof DeclaredOption))
            .toList();
    text.append(table(own));
    List<String> shared =
        command.options().stream()
            .filter(option -> option.userObject() instanceof DeclaredOption)
            .map(option -> "`" + option.longestName() + "`")
            .toList();
    if (shared.isEmpty()) {
      return text.toString();
    }
    boolean all = shared.size() == TrainConfig.OPTIONS.size();
    String named = all ? "all of its options" : String.join(", ", shared);
    return text + "\nAs for [train](#train): " + named + ".\n";
  }

  private static String table(List<OptionSpec> options) {
    String rows =
        options.stream()
            .filter(option -> !option.usageHelp() && !option.versionHelp())
            .map(GeneratedFiles::row)
            .collect(Collectors.joining());
    return rows.isEmpty()
        ? ""
        : "\n| Option | Value | Default | Meaning |\n|---|---|---|---|\n" + rows;
  }

  private static String row(OptionSpec option) {
    if (option.userObject() instanceof DeclaredOption declared) {
      String value = declared.bounds().isEmpty() ? declared.label() : declared.bounds();
      String meaning = declared.declaration().help() + " " + declared.declaration().details();
      return row(option.longestName(), value, declared.byDefault(), meaning);
    }
    String value = option.arity().max() == 0 ? "" : option.paramLabel();
    String[] meaning = description(option.description()).split("(?=Default: )", 2);
    String byDefault = meaning.length < 2 ? "" : meaning[1].replaceAll("^Default: |\\.$", "");
    return row(option.longestName(), value, byDefault, meaning[0]);
  }

  private static String row(String name, String value, String byDefault, String meaning) {
    return String.format(
        Locale.ROOT,
        "| `%s` | %s | %s | %s |%n",
        name,
        value.replace("|", ", "),
        byDefault,
        meaning.strip().replace("|", "\\|"));
  }

  private static String description(String[] lines) {
    return String.join(" ", lines).replace("%%", "%");
  }
}
