package io.involution.run;

import io.involution.model.network.NetworkKind;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The closed list of names that a run gives its files and folders, relative to its own folder. */
final class RunNames {
  private static final String CHECKPOINT = "checkpoint-e\\d{5,}-r\\d{5,}-a\\d{5,}";
  private static final String UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

  /** What a file that is being written, or was when its process died, has after its name. */
  private static final String TEMPORARY = "\\.(\\d+|" + UUID + ")\\.tmp";

  private static final Pattern ATTEMPT = Pattern.compile("attempts/attempt-\\d{5,}");

  /** A token, or what a power cut left of it. */
  private static final Pattern TOKEN = Pattern.compile(UUID + "|[0-9a-f-]{0,35}");

  private final Pattern files;
  private final Pattern leftOver;
  private final Pattern folders;

  /**
   * The names of a run.
   *
   * @param networks the names of its networks, beside those that every run may train
   */
  RunNames(Collection<String> networks) {
    String model =
        Stream.concat(
                Arrays.stream(NetworkKind.values()).map(NetworkKind::label), networks.stream())
            .map(Pattern::quote)
            .collect(Collectors.joining("|", "(", ")"));
    String file = file(model);
    files = Pattern.compile("(" + file + ")(" + TEMPORARY + ")?");
    leftOver = Pattern.compile("(?!report/)(" + file + ")\\." + UUID + "\\.tmp");
    folders =
        Pattern.compile(
            String.format(
                Locale.ROOT,
                "attempts|metrics|report|tensorboard(/%1$s)?|%1$s(/(artifacts|%2$s))?",
                model,
                CHECKPOINT));
  }

  private static String file(String model) {
    return String.join(
        "|",
        "run\\.json",
        "metrics\\.jsonl",
        "mlflow\\.json",
        "attempts/attempt-\\d{5,}",
        "metrics/part-" + model + "-\\d{5,}-\\d{5,}\\.jsonl",
        model + "/(model\\.zip|best-state(-e\\d{5,})?\\.bin)",
        model + "/artifacts/(network|confusion|mistakes|samples|predictions)\\.json",
        model + "/" + CHECKPOINT + "/(part-00000\\.bin|part-00001\\.jsonl|_COMMITTED)",
        "report/index\\.html",
        "report/(comparison|accuracy-(parameters|operations)|round-phases|((accuracy|loss)-(epochs|time)|rounds)-"
            + model
            + ")\\.(png|svg)",
        "report/(samples|(mistakes|images|kernels)-" + model + "(-\\d+)?)\\.png",
        "tensorboard/" + model + "/events\\.out\\.tfevents\\.\\d{10}\\.involution");
  }

  /** Whether a run writes a file of this name. */
  boolean isFile(String name) {
    return files.matcher(name).matches();
  }

  /** Whether a run makes a folder of this name. */
  boolean isFolder(String name) {
    return folders.matcher(name).matches();
  }

  /** Whether a file is what a process that died has left half written. */
  boolean isLeftOver(String name) {
    return leftOver.matcher(name).matches();
  }

  /** Whether a file is the sign of an attempt. */
  static boolean isAttempt(String name) {
    return ATTEMPT.matcher(name).matches();
  }

  /** Whether a text is what an attempt writes into its sign. */
  static boolean isToken(String text) {
    return TOKEN.matcher(text).matches();
  }
}
