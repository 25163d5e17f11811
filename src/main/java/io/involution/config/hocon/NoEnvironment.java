package io.involution.config.hocon;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigResolver;
import com.typesafe.config.ConfigValue;

/** Refuses every substitution whose value does not stand in the file itself. */
final class NoEnvironment implements ConfigResolver {
  @Override
  public ConfigValue lookup(String path) {
    throw new ConfigException.Generic(
        "${"
            + path
            + "} does not stand in it, and environment variables are not read: give the option on"
            + " the command line instead");
  }

  @Override
  public ConfigResolver withFallback(ConfigResolver fallback) {
    return this;
  }
}
