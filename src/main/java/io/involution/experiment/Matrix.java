package io.involution.experiment;

import io.involution.config.AtLeast;
import io.involution.failure.InputException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The content of an experiment file.
 *
 * @param name the experiment's name, valid as a folder name
 * @param tags words to find it by
 * @param out the experiment's folder, possibly with placeholders
 * @param retries how many times a failed cell is retried within one start
 * @param parallel maximum number of cells that run in parallel; empty for as many as fit
 * @param timeLimit maximum duration of one start
 * @param cells the options of each run, in order
 */
public record Matrix(
    String name,
    List<String> tags,
    String out,
    int retries,
    Optional<Integer> parallel,
    Optional<Duration> timeLimit,
    List<CellOptions> cells) {
  /** The folder of an experiment that names none. */
  static final String DEFAULT_OUT = "runs/{name}";

  private static final int MOST_CELLS = 10_000;

  /** Checks the name and the numbers. */
  public Matrix {
    if (!name.matches("[\\w.-]{1,100}")) {
      throw new InputException(
          "experiment.name is '"
              + name
              + "': use letters, digits, periods, underscores and hyphens");
    }
    if (retries < 0 || retries > 100) {
      throw new InputException("experiment.retries is " + retries + ": use 0 to 100");
    }
    parallel.ifPresent(Matrix::checkParallel);
    if (cells.isEmpty() || cells.size() > MOST_CELLS) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "experiment %s has %d cells: use 1 to %,d",
              name,
              cells.size(),
              MOST_CELLS));
    }
  }

  private static void checkParallel(int parallel) {
    AtLeast.require("--parallel", parallel, 1);
  }

  /** Whether its file names its folder. */
  public boolean namesFolder() {
    return !out.equals(DEFAULT_OUT);
  }

  /** A copy with the values from the command line. */
  public Matrix with(Optional<Integer> otherParallel, Optional<Duration> otherTimeLimit) {
    return new Matrix(
        name,
        tags,
        out,
        retries,
        otherParallel.or(() -> parallel),
        otherTimeLimit.or(() -> timeLimit),
        cells);
  }
}
