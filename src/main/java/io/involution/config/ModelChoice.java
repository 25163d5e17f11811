package io.involution.config;

import io.involution.config.option.Recorded;
import io.involution.failure.InputException;
import io.involution.failure.Places;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The networks that a command applies to: names of this job's, and files and classes that describe
 * others.
 *
 * @param words as the user gave them, in the order in which they are trained and shown
 */
public record ModelChoice(List<String> words) implements Recorded {
  /** How a word begins that names a class. */
  public static final String CLASS = "class:";

  /** The names of this job's networks. */
  public static final List<String> OURS =
      List.of(
          "convolution",
          "involution",
          "involution-wide",
          "deep-convolution",
          "deep-involution",
          "resnet",
          "rednet");

  private static final String TWO = "both";

  /**
   * The two networks of the reference run: the convolution network, then the involution network.
   */
  public static final ModelChoice BOTH = new ModelChoice(List.of(TWO));

  /** Folders and files of a run that a network's folder must not be mistaken for. */
  private static final Set<String> TAKEN =
      Set.of(
          "attempts",
          "metrics",
          "metrics.jsonl",
          "mlflow.json",
          "report",
          "run.json",
          "tensorboard");

  /**
   * Checks the words.
   *
   * @throws InputException if one names no network, or two name the same
   */
  public ModelChoice {
    words = List.copyOf(words);
    Set<String> labels = new HashSet<>();
    for (String word : words) {
      for (String network : networks(word).toList()) {
        String label = label(network);
        if (!isKnown(network)) {
          throw new InputException(
              String.format(
                  Locale.ROOT,
                  "--model is '%s': use one of %s, %s, a DL4J configuration that ends in .json,"
                      + " .yaml or .yml, or class: with the name of a class",
                  Places.shown(String.join(",", words)),
                  String.join(", ", OURS),
                  TWO));
        }
        if (!labels.add(label)) {
          throw new InputException(
              String.format(Locale.ROOT, "--model names %s twice: leave one out", label));
        }
        if (!OURS.contains(network) && (OURS.contains(label) || TAKEN.contains(label))) {
          throw new InputException(
              String.format(
                  Locale.ROOT,
                  "--model %s would be called %s, which is taken: rename it",
                  Places.shown(network),
                  label));
        }
      }
    }
  }

  /** Parses a list of words with commas between them. */
  public static ModelChoice parse(String text) {
    return new ModelChoice(Arrays.asList(text.split(",", -1)));
  }

  /** The value as the user gave it. */
  public String word() {
    return String.join(",", words);
  }

  /** The words, without secrets in addresses. */
  @Override
  public Object recorded() {
    return Places.shown(word());
  }

  /** One word for each network. */
  public List<String> networks() {
    return words.stream().flatMap(ModelChoice::networks).toList();
  }

  /** The networks' names, in files, tables and reports. */
  public List<String> labels() {
    return networks().stream().map(ModelChoice::label).toList();
  }

  /** The files and classes of other networks than this job's. */
  public List<String> others() {
    List<String> others = new ArrayList<>(networks());
    others.removeAll(OURS);
    return others;
  }

  private static Stream<String> networks(String word) {
    return word.equals(TWO) ? Stream.of(OURS.get(0), OURS.get(1)) : Stream.of(word);
  }

  private static boolean isKnown(String word) {
    return OURS.contains(word)
        || word.matches("(?s).*[^/]\\.(json|ya?ml)")
        || word.matches(CLASS + "[\\w$]+(\\.[\\w$]+)*");
  }

  /**
   * A file's name without its folder and ending, or a class's: lower case, and safe as the name of
   * a folder and in those of files, where it stands as it is.
   */
  public static String label(String network) {
    String name =
        network.startsWith(CLASS)
            ? network.replaceAll(".*[.:$]", "")
            : network.replaceAll("(?s).*/", "").replaceAll("\\.(json|ya?ml)$", "");
    String safe = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9._-]", "-");
    String start = safe.replaceAll("^[^a-z0-9]+", "");
    return start.isEmpty() ? "network" : start.substring(0, Math.min(start.length(), 48));
  }
}
