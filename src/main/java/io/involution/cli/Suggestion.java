package io.involution.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The error line of a wrong command line, with the nearest name where one is misspelt. */
final class Suggestion {
  private Suggestion() {}

  /** What is wrong, and what to do about it. */
  static String line(ParameterException wrong) {
    CommandLine command = wrong.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    if (wrong instanceof UnmatchedArgumentException unmatched) {
      String word = unmatched.getUnmatched().get(0).replaceAll("=.*", "");
      Optional<String> nearest = nearest(word, names(command, word));
      if (nearest.isPresent()) {
        return "unknown %s '%s': did you mean %s? See %s --help"
            .formatted(word.startsWith("-") ? "option" : "command", word, nearest.get(), name);
      }
    }
    return wrong.getMessage() + ": try " + name + " --help";
  }

  private static List<String> names(CommandLine command, String word) {
    return word.startsWith("-")
        ? new ArrayList<>(command.getCommandSpec().optionsMap().keySet())
        : new ArrayList<>(command.getSubcommands().keySet());
  }

  /** The name with the fewest letters changed; none where it would be another word. */
  private static Optional<String> nearest(String word, List<String> names) {
    return names.stream()
        .filter(name -> distance(word, name) <= Math.max(1, word.length() / 4))
        .min(Comparator.comparingInt(name -> distance(word, name)));
  }

  /** Letters to add, leave out, change or swap (optimal string alignment). */
  private static int distance(String a, String b) {
    int[][] least = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        least[i][j] = i == 0 || j == 0 ? i + j : step(least, a, b, i, j);
      }
    }
    return least[a.length()][b.length()];
  }

  private static int step(int[][] least, String a, String b, int i, int j) {
    int same = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
    int best = Math.min(Math.min(least[i - 1][j], least[i][j - 1]) + 1, least[i - 1][j - 1] + same);
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(best, least[i - 2][j - 2] + 1) : best;
  }
}
