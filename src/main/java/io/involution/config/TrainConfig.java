package io.involution.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import io.involution.config.hocon.HoconFile;
import io.involution.failure.InputException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the train command's options: the command line overrides the user's file, which overrides
 * the defaults.
 */
public final class TrainConfig {
  /** The options of the train command. */
  public static final List<DeclaredOption> OPTIONS = DeclaredOption.of(TrainOptions.class);

  /** The file that documents them. */
  static final String FILE = "conf/train.conf";

  private static final String ROOT = "train";

  private TrainConfig() {}

  /**
   * A file's text and its name in messages.
   *
   * @param name the file's name
   * @param text its content
   */
  public record NamedText(String name, String text) {}

  /** The options of a run without any given options. */
  public static TrainOptions defaults() {
    return load(Map.of(), Optional.empty());
  }

  /**
   * Combines the options.
   *
   * @param commandLine options given on the command line, by name
   * @param file text and name of the user's HOCON file, if there is one
   * @throws InputException for an unknown key, a value of the wrong type or out of bounds
   */
  public static TrainOptions load(Map<String, Object> commandLine, Optional<NamedText> file) {
    Map<String, Object> declared = new HashMap<>();
    OPTIONS.forEach(option -> declared.put(option.name(), option.declaration().defaultValue()));
    Config defaults = section(declared, "the defaults");
    Config user =
        file.map(named -> HoconFile.parse("--config " + named.name(), named.text(), defaults, FILE))
            .orElse(ConfigFactory.empty());
    Config merged =
        section(commandLine, "the command line").withFallback(user).withFallback(defaults);
    try {
      return new OptionReader(merged.getConfig(ROOT), given(commandLine, user, defaults))
          .read(TrainOptions.class);
    } catch (ConfigException e) {
      throw new InputException(HoconFile.oneLine(e) + ": see " + FILE + " for the keys", e);
    }
  }

  /** A file that holds every default, such as the documented one, gives nothing by hand. */
  private static GivenOptions given(Map<String, Object> commandLine, Config user, Config defaults) {
    Set<String> names = new HashSet<>(commandLine.keySet());
    if (user.hasPath(ROOT)) {
      Config usual = defaults.getConfig(ROOT);
      Config own = user.getConfig(ROOT);
      own.root().keySet().stream().filter(name -> !isSame(name, own, usual)).forEach(names::add);
    }
    return new GivenOptions(names);
  }

  private static boolean isSame(String name, Config own, Config usual) {
    try {
      return own.getString(name).equals(usual.getString(name));
    } catch (ConfigException e) {
      // A value that is no text, which the reader of the options judges.
      return false;
    }
  }

  private static Config section(Map<String, Object> values, String origin) {
    return ConfigFactory.parseMap(Map.of(ROOT, values), origin);
  }
}
