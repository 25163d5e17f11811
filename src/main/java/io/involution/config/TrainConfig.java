package io.involution.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import io.involution.failure.InputException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the train command's options: the command line over the user's file over the defaults. */
public final class TrainConfig {
  /** The options of the train command. */
  public static final List<DeclaredOption> OPTIONS = DeclaredOption.of(TrainOptions.class);

  /** The file that explains them. */
  static final String FILE = "conf/train.conf";

  private static final String ROOT = "train";

  private TrainConfig() {}

  /**
   * A file's text and the name to speak of it.
   *
   * @param name the file's name
   * @param text what it holds
   */
  public record NamedText(String name, String text) {}

  /** The options of a run that gives none. */
  public static TrainOptions defaults() {
    return load(Map.of(), Optional.empty());
  }

  /**
   * Puts the options together.
   *
   * @param commandLine options given on the command line, by name
   * @param file text of the user's HOCON file and its name, where there is one
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
      return new OptionReader(merged.getConfig(ROOT)).read(TrainOptions.class);
    } catch (ConfigException e) {
      throw new InputException(HoconFile.oneLine(e) + ": see " + FILE + " for the keys", e);
    }
  }

  private static Config section(Map<String, Object> values, String origin) {
    return ConfigFactory.parseMap(Map.of(ROOT, values), origin);
  }
}
