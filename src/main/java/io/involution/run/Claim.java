package io.involution.run;

import java.nio.charset.StandardCharsets;

/** The right to do one piece of work, taken from {@link Claims}. */
public final class Claim {
  private final FolderFiles files;
  private final String folder;
  private final Attempt attempt;
  private long beats;

  Claim(FolderFiles files, String folder, Attempt attempt) {
    this.files = files;
    this.folder = folder;
    this.attempt = attempt;
  }

  /** How many times the work has been claimed, this one included. */
  public int number() {
    return attempt.number();
  }

  /**
   * Makes sure that the work is still this process's own.
   *
   * @throws io.involution.failure.InputException when another process has taken it over
   */
  public void check() {
    attempt.check();
  }

  /** Gives a sign of life. */
  void beat() {
    beats++;
    files.create(
        folder + "/" + beat(number()), String.valueOf(beats).getBytes(StandardCharsets.UTF_8));
  }

  /** Gives the work back, done or not. */
  void end() {
    files.create(folder + "/" + ended(number()), new byte[0]);
  }

  static String beat(int number) {
    return "beat-%05d".formatted(number);
  }

  static String ended(int number) {
    return "ended-%05d".formatted(number);
  }
}
