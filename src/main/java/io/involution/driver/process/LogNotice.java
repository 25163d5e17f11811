package io.involution.driver.process;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The few things in Spark's log that a user has to know at once, as one line each. */
enum LogNotice {
  /** The scheduler, in every cluster. */
  EXECUTOR_LOST("Lost executor (\\S+) on (\\S+): (.*)", "executor %s on %s is lost: %s"),

  /** A worker's GPU has failed; its executor ends. */
  GPU_LOST("Lost task [^:]+: \\S+GpuLostError: (.+)()()", "%s"),

  /** A standalone cluster, every twenty seconds. */
  NO_MASTER("Failed to connect to master (\\S+)()()", "cannot reach the master %s yet: trying on");

  private final Pattern pattern;
  private final String line;

  LogNotice(String pattern, String line) {
    this.pattern = Pattern.compile(pattern);
    this.line = line;
  }

  /** What the exit code of an executor tells; the first is Spark's own. */
  private static String meaning(String reason) {
    if (reason.endsWith("code 52")) {
      return " (it ran out of memory, in its heap or outside it)";
    } else if (reason.endsWith("code 134")) {
      return " (its native code aborted, as it does when it gets no memory)";
    }
    return reason.endsWith("code 137") ? " (the system killed it, most likely for its memory)" : "";
  }

  /** The line for a message of Spark's log; empty if the message is not for the console. */
  static Optional<String> of(String message) {
    String first = message.lines().findFirst().orElse("");
    for (LogNotice notice : values()) {
      Matcher matcher = notice.pattern.matcher(first);
      if (matcher.lookingAt()) {
        return Optional.of(
            String.format(
                Locale.ROOT,
                notice.line,
                matcher.group(1),
                matcher.group(2),
                matcher.group(3) + meaning(matcher.group(3))));
      }
    }
    return Optional.empty();
  }
}
