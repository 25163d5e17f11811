package io.involution.cli;

import io.involution.config.InputException;
import io.involution.config.OutputOptions;
import io.involution.config.Places;
import io.involution.metrics.RunRecord;
import io.involution.run.RunFolder;
import io.involution.run.RunFolder.Mode;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/** The place for a run's outputs: looked at first, taken when all else has been checked. */
final class RunPlace {
  private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

  private final String out;
  private final Mode mode;
  private final Map<String, String> previous;

  private RunPlace(String out, Mode mode, Map<String, String> previous) {
    this.out = out;
    this.mode = mode;
    this.previous = previous;
  }

  /**
   * Looks at the folder that the options name, or one named after the time, without changing it.
   *
   * @throws InputException when it holds what the options do not allow
   */
  static RunPlace check(OutputOptions options, Configuration hadoop) {
    String out =
        options.out().orElseGet(() -> "runs/" + LocalDateTime.now(ZoneOffset.UTC).format(STAMP));
    Mode mode = options.resume() ? Mode.RESUME : options.overwrite() ? Mode.OVERWRITE : Mode.NEW;
    RunFolder.check(out, mode, hadoop);
    if (mode == Mode.RESUME && RunFolder.holdsRun(out, hadoop)) {
      return new RunPlace(
          out, mode, RunRecord.identity(RunFolder.read(out, hadoop)).orElse(Map.of()));
    }
    return new RunPlace(out, mode, Map.of());
  }

  /** Number of workers of the run that goes on, which the checkpoint's shards depend on. */
  Optional<Integer> workers() {
    return Optional.ofNullable(previous.get("workers")).map(Integer::valueOf);
  }

  /**
   * Takes the folder.
   *
   * @param identity what decides this run's result
   * @throws InputException when the run that should go on had another
   */
  RunFolder take(RunIdentity identity, Configuration hadoop) {
    if (!previous.isEmpty()) {
      identity.values().forEach(this::compare);
    }
    return RunFolder.take(out, mode, hadoop);
  }

  private void compare(String key, String value) {
    String before = previous.get(key);
    if (!value.equals(before)) {
      throw new InputException(
          "--resume: %s was %s in %s and is %s now: use the same, or another --out"
              .formatted(key, before, Places.shown(out), value));
    }
  }
}
