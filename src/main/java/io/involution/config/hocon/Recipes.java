package io.involution.config.hocon;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The files of options that come with the job, {@code conf/recipes/NAME.conf}, for one network
 * each. They are in the job jar, so that their names suffice wherever it runs.
 */
public final class Recipes {
  /** The names of the recipes. */
  public static final List<String> NAMES =
      List.of(
          "convolution",
          "involution-wide",
          "deep-convolution",
          "deep-involution",
          "resnet",
          "rednet");

  private Recipes() {}

  /** A recipe's text; empty if there is none of that name. */
  public static Optional<String> text(String name) {
    return NAMES.contains(name)
        ? Optional.of(resource("/recipes/" + name + ".conf"))
        : Optional.empty();
  }

  private static String resource(String name) {
    try (InputStream recipe = Recipes.class.getResourceAsStream(name)) {
      if (recipe == null) {
        throw new IllegalStateException("the job jar lacks " + name);
      }
      return new String(recipe.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
