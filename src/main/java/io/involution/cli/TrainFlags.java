package io.involution.cli;

import io.involution.config.AtLeast;
import io.involution.config.DeclaredOption;
import io.involution.config.ExampleOptions;
import io.involution.config.TrainConfig;
import io.involution.config.TrainOptions;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.TypeConversionException;

/**
 * Adds the train command's options, as they are declared, to commands. Their defaults are not
 * passed to picocli, so that a configuration file can override the defaults and be overridden by
 * the flags.
 */
final class TrainFlags implements IModelTransformer {
  @Override
  public CommandSpec transform(CommandSpec command) {
    Takes takes = command.userObject().getClass().getAnnotation(Takes.class);
    List<String> names = List.of(takes.value());
    // Who takes data takes how it is read, unless it says what of it.
    List<String> examples =
        DeclaredOption.of(ExampleOptions.class).stream().map(DeclaredOption::name).toList();
    boolean allExamples = names.contains("data") && Collections.disjoint(names, examples);
    for (DeclaredOption option : TrainConfig.OPTIONS) {
      if (names.isEmpty()
          || names.contains(option.name())
          || (allExamples && examples.contains(option.name()))) {
        command.addOption(flag(option));
      }
    }
    return command;
  }

  private static OptionSpec flag(DeclaredOption option) {
    OptionSpec.Builder flag =
        OptionSpec.builder("--" + option.name())
            .userObject(option)
            .type(type(option))
            .description(help(option));
    if (option.type() == boolean.class) {
      return flag.arity("0").build();
    }
    if (option.type() == Double.class) {
      flag.converters(TrainFlags::numberOrAuto);
    }
    String alone = option.declaration().withoutValue();
    if (!alone.isEmpty()) {
      flag.fallbackValue(alone);
    }
    return flag.arity(alone.isEmpty() ? "1" : "0..1").paramLabel(option.label()).build();
  }

  /** Picocli parses numbers; all other values stay text and are parsed with the configuration. */
  private static Class<?> type(DeclaredOption option) {
    Class<?> type = option.type();
    if (type == Double.class) {
      return Object.class;
    }
    return type.isPrimitive() || type == Integer.class ? type : String.class;
  }

  /** An optional number, which a word takes back where a file sets it. */
  private static Object numberOrAuto(String text) {
    if (text.equals("auto")) {
      return text;
    }
    try {
      return Double.valueOf(text);
    } catch (NumberFormatException noNumber) {
      throw new TypeConversionException("'" + text + "' is neither a number nor auto");
    }
  }

  private static String help(DeclaredOption option) {
    String fallback = option.byDefault();
    String help =
        option.declaration().help() + (fallback.isEmpty() ? "" : " Default: " + fallback + ".");
    return help.replace("%", "%%");
  }

  /** The train options that were given to a command, by name. */
  static Map<String, Object> given(CommandSpec command) {
    Map<String, Object> given = new LinkedHashMap<>();
    for (DeclaredOption option : TrainConfig.OPTIONS) {
      OptionSpec flag = command.commandLine().getParseResult().matchedOption("--" + option.name());
      // A command may have an option of its own with that name.
      if (flag != null && flag.userObject() == option) {
        given.put(option.name(), flag.getValue());
      }
    }
    return given;
  }

  /** What run.json says of the train options that a command has, given or not, by name. */
  static Map<String, Object> recorded(CommandSpec command, TrainOptions options) {
    List<DeclaredOption> declared =
        command.options().stream()
            .map(OptionSpec::userObject)
            .filter(DeclaredOption.class::isInstance)
            .map(DeclaredOption.class::cast)
            .toList();
    return DeclaredOption.recorded(declared, options);
  }

  /** The options of a command that takes no configuration file. */
  static TrainOptions options(CommandSpec command) {
    return TrainConfig.load(given(command), Optional.empty());
  }

  /** Rejects 0, which means the default only in a configuration file. */
  static void requireAboveZero(CommandSpec command, String... names) {
    Map<String, Object> given = given(command);
    for (String name : names) {
      AtLeast.require("--" + name, (int) given.getOrDefault(name, 1), 1);
    }
  }
}
