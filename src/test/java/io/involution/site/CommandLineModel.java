package io.involution.site;

import io.involution.cli.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine;

/**
 * Every option there is: the commands', the submit scripts', spark-submit's and the benchmarks'.
 */
final class CommandLineModel {
  private static final Pattern OPTION = Pattern.compile("--[a-z][a-z0-9-]*");

  /** Options of spark-submit without a value. */
  private static final List<String> SPARK_FLAGS =
      List.of("--supervise", "--verbose", "--version", "--help");

  private final Map<String, Set<String>> commands = new TreeMap<>();
  private final Set<String> withValue = new TreeSet<>();
  private final Set<String> submit = new TreeSet<>(SPARK_FLAGS);
  private final Set<String> benchmarks = new TreeSet<>();

  CommandLineModel() throws IOException {
    collect(new CommandLine(Main.class), "");
    String functions = Files.readString(Path.of("submit", "functions.sh"));
    Matcher takesValue = Pattern.compile("(?s)takes_value\\(\\) \\{.*?return 0").matcher(functions);
    if (!takesValue.find()) {
      throw new IllegalStateException("functions.sh no longer says which options take a value");
    }
    withValue.addAll(options(takesValue.group()));
    withValue.addAll(
        List.of("--gpus-per-executor", "--job-jar", "--event-log", "--properties-file"));
    submit.addAll(withValue);
    submit.addAll(options(functions));
    for (String sources : List.of("src/bench", "src/jmh")) {
      try (Stream<Path> files = Files.walk(Path.of(sources))) {
        for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
          Matcher name = Pattern.compile("\"(--[a-z-]+)\"").matcher(Files.readString(file));
          name.results().forEach(result -> benchmarks.add(result.group(1)));
        }
      }
    }
  }

  private void collect(CommandLine command, String name) {
    Set<String> names = new TreeSet<>();
    command.getCommandSpec().options().forEach(option -> names.addAll(List.of(option.names())));
    commands.put(name, names);
    command.getSubcommands().forEach((word, each) -> collect(each, (name + " " + word).strip()));
  }

  /** The options that a text mentions. */
  static Set<String> options(String text) {
    Set<String> found = new TreeSet<>();
    Matcher option = Pattern.compile("(?<![\\w-])" + OPTION.pattern()).matcher(text);
    while (option.find()) {
      found.add(option.group());
    }
    return found;
  }

  /** Whether any program of this project has the option. */
  boolean knows(String option) {
    return submit.contains(option)
        || benchmarks.contains(option)
        || commands.values().stream().anyMatch(names -> names.contains(option));
  }

  /** What is wrong with a line that calls a script of submit/, or an empty text. */
  String problem(String line) {
    List<String> words = words(line);
    Path script = Path.of(words.get(0));
    if (!Files.isExecutable(script)) {
      return script + " does not exist";
    }
    int at = 1;
    while (at < words.size() && words.get(at).startsWith("-")) {
      String option = words.get(at).replaceFirst("=.*", "");
      if (!submit.contains(option)) {
        return option + " is no submit option";
      }
      at += withValue.contains(option) && !words.get(at).contains("=") ? 2 : 1;
    }
    if (at >= words.size()) {
      return "";
    }
    try {
      new CommandLine(Main.class).parseArgs(words.subList(at, words.size()).toArray(String[]::new));
      return "";
    } catch (CommandLine.ParameterException e) {
      return e.getMessage();
    }
  }

  /** Splits a line at spaces as a shell does, quotes taken off. */
  private static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    Matcher word = Pattern.compile("(?:[^\\s\"']+|\"[^\"]*\"|'[^']*')+").matcher(line);
    while (word.find()) {
      words.add(word.group().replaceAll("[\"']", ""));
    }
    return words;
  }

  /** Whether a text calls one of this project's scripts or its jar, not some other program. */
  static boolean isOurs(String code) {
    return Arrays.stream(
            new String[] {"docker ", "kubectl ", "git ", "curl ", "tensorboard ", "jar ", "hdfs "})
        .noneMatch(code::startsWith);
  }
}
