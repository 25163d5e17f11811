package io.involution.config.hocon;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long the values of a file become when its substitutions are resolved, found without resolving
 * them: {@code a = ${b}${b}, b = ${c}${c}} and so on doubles with every line. Never less than the
 * truth.
 */
final class Substitutions {
  /** A string, which may look like a substitution, or the path of a substitution. */
  private static final Pattern REFERENCE =
      Pattern.compile(
          "\"(?:[^\"\\\\]|\\\\.)*+\"|\\$\\{\\??((?:\"(?:[^\"\\\\]|\\\\.)*+\"|[^\"}])*+)}");

  private static final ConfigRenderOptions SHORT = ConfigRenderOptions.concise();

  private static final int MOST = 1_000;

  /** What a value holds that consists of substitutions. */
  private record Unresolved(int letters, List<String> references) {}

  private final Map<String, Unresolved> values = new HashMap<>();
  private final Map<String, Double> sizes = new HashMap<>();

  private int count;

  private Substitutions() {}

  /**
   * The length of all values.
   *
   * @param root a file's content as it was parsed
   * @return number of letters, perhaps infinite
   * @throws ConfigException when values refer to each other in a circle
   */
  static double letters(ConfigObject root) {
    Substitutions substitutions = new Substitutions();
    substitutions.collect("", root);
    double letters = 0;
    for (String path : substitutions.values.keySet()) {
      letters += substitutions.size(path);
    }
    return letters;
  }

  private void collect(String path, ConfigValue value) {
    if (value instanceof ConfigObject object && isKnown(object)) {
      for (Map.Entry<String, ConfigValue> entry : object.entrySet()) {
        String key = ConfigUtil.joinPath(entry.getKey());
        collect(path.isEmpty() ? key : path + "." + key, entry.getValue());
      }
      return;
    }
    String text = value.render(SHORT);
    List<String> references = new ArrayList<>();
    Matcher reference = REFERENCE.matcher(text);
    while (reference.find()) {
      if (reference.group(1) != null) {
        references.add(ConfigUtil.joinPath(ConfigUtil.splitPath(reference.group(1))));
        if (++count > MOST) {
          throw new ConfigException.Generic("it has more than " + MOST + " substitutions");
        }
      }
    }
    values.put(path, new Unresolved(text.length(), references));
  }

  /** Whether an object's keys do not depend on substitutions. */
  private static boolean isKnown(ConfigObject object) {
    try {
      return !object.entrySet().isEmpty() || object.isEmpty();
    } catch (ConfigException.NotResolved unknown) {
      return false;
    }
  }

  private double size(String path) {
    Double known = sizes.get(path);
    if (known != null) {
      if (known.isNaN()) {
        throw new ConfigException.Generic("${" + path + "} leads back to itself: write its value");
      }
      return known;
    }
    sizes.put(path, Double.NaN);
    Unresolved value = values.get(path);
    double size = value.letters();
    int toItself = 0;
    for (String reference : value.references()) {
      for (String target : targets(reference)) {
        if (target.equals(path)) {
          toItself++;
        } else {
          size += size(target);
        }
      }
    }
    // An earlier value of the key, which n substitutions multiply most when they come by threes.
    size *= Math.pow(3, Math.ceil(toItself / 3.0));
    sizes.put(path, size);
    return size;
  }

  /** The values that a substitution stands for, or for a part of one. */
  private List<String> targets(String reference) {
    return values.keySet().stream()
        .filter(
            path ->
                path.equals(reference)
                    || path.startsWith(reference + ".")
                    || reference.startsWith(path + "."))
        .toList();
  }
}
