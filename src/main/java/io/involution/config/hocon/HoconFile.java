package io.involution.config.hocon;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import io.involution.failure.InputException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A user's HOCON file, which may contain only the keys of a reference file. */
public final class HoconFile {
  /** As many as a thousand cells of an experiment have; the parser takes the square of them. */
  private static final int MOST_LETTERS = 1 << 16;

  private static final int MOST_RESOLVED = 1 << 24;
  private static final int MOST_DEPTH = 32;

  /** In the known keys: a name of the user's own, whose keys are those below it. */
  public static final String ANY = "*";

  private HoconFile() {}

  /**
   * Parses a file.
   *
   * @param file the option that named it, and its name, such as {@code --config my.conf}
   * @param text its content
   * @param known all valid keys, with {@link #ANY} where the user chooses names
   * @param reference the file that documents them
   * @throws InputException when it is not HOCON or has an unknown key
   */
  public static Config parse(String file, String text, Config known, String reference) {
    Config user;
    try {
      user = resolved(text);
    } catch (ConfigException e) {
      throw new InputException(
          String.format(
              Locale.ROOT, "%s is not valid HOCON: %s: correct the file", file, oneLine(e)),
          e);
    }
    List<String> unknown = unknown(List.of(), user.root(), known.root());
    if (!unknown.isEmpty()) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s has the unknown key %s: see %s for the keys there are",
              file,
              unknown.get(0),
              reference));
    }
    return user;
  }

  /**
   * Parses a text on its own: it includes nothing, and reads no environment variable and no system
   * property. Settings are data, and what they name is not fetched.
   *
   * @throws ConfigException when it is not HOCON, or refers to anything outside itself
   */
  public static Config resolved(String text) {
    if (text.length() > MOST_LETTERS) {
      throw new ConfigException.Generic("it has more than " + MOST_LETTERS + " letters");
    }
    try {
      Config file =
          ConfigFactory.parseReader(
              new StringReader(text), ConfigParseOptions.defaults().setIncluder(new NoInclude()));
      if (Substitutions.letters(file.root()) > MOST_RESOLVED) {
        throw new ConfigException.Generic(
            "its substitutions make more than " + MOST_RESOLVED + " letters of it");
      }
      Config resolved =
          file.resolve(ConfigResolveOptions.noSystem().appendResolver(new NoEnvironment()));
      checkDepth(resolved.root(), 0);
      return resolved;
    } catch (StackOverflowError e) {
      throw tooDeep(e);
    }
  }

  private static void checkDepth(ConfigValue value, int depth) {
    if (depth > MOST_DEPTH) {
      throw tooDeep(null);
    }
    Collection<ConfigValue> below =
        value instanceof ConfigObject object
            ? object.values()
            : value instanceof ConfigList list ? list : List.of();
    below.forEach(each -> checkDepth(each, depth + 1));
  }

  private static ConfigException tooDeep(Throwable cause) {
    return new ConfigException.Generic("its keys or brackets are nested too deeply", cause);
  }

  /** Does not use {@link Config#entrySet()}, which omits keys that are null or empty objects. */
  private static List<String> unknown(List<String> path, ConfigObject given, ConfigObject known) {
    List<String> unknown = new ArrayList<>();
    for (Map.Entry<String, ConfigValue> entry : given.entrySet()) {
      List<String> key = new ArrayList<>(path);
      key.add(entry.getKey());
      ConfigValue there = known.getOrDefault(entry.getKey(), known.get(ANY));
      if (there == null) {
        unknown.add(ConfigUtil.joinPath(key));
      } else if (entry.getValue() instanceof ConfigObject below
          && there instanceof ConfigObject section) {
        unknown.addAll(unknown(key, below, section));
      }
    }
    return unknown;
  }

  /** An exception's message in one line. */
  public static String oneLine(ConfigException e) {
    return String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
  }
}
