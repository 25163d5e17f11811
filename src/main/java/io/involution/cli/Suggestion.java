package io.involution.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The error message for an invalid command line, with the closest name if one is misspelled. */
final class Suggestion {
  private Suggestion() {}

  /** What is wrong, and what to do about it. */
  static String line(ParameterException wrong) {
    CommandLine command = wrong.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    if (wrong instanceof UnmatchedArgumentException unmatched) {
      String word = unmatched.getUnmatched().get(0).replaceAll("=.*", "");
      boolean isOption = word.startsWith("-");
      Optional<String> nearest =
          nearest(
              word,
              isOption
                  ? command.getCommandSpec().optionsMap().keySet()
                  : command.getSubcommands().keySet());
      if (nearest.isPresent()) {
        return String.format(
            Locale.ROOT,
            "unknown %s '%s': did you mean %s? See %s --help",
            isOption ? "option" : "command",
            word,
            nearest.get(),
            name);
      }
    }
    return wrong.getMessage() + ": try " + name + " --help";
  }

  /** The name with the smallest edit distance; empty if none is similar. */
  private static Optional<String> nearest(String word, Collection<String> names) {
    return names.stream()
        .filter(name -> distance(word, name) <= Math.max(2, word.length() / 4))
        .min(Comparator.comparingInt(name -> distance(word, name)));
  }

  /** The edit distance: number of letters to add, remove or change (Levenshtein). */
  private static int distance(String a, String b) {
    int[] row = IntStream.rangeClosed(0, b.length()).toArray();
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
