package io.involution.run;

import io.involution.files.Durability;
import io.involution.files.FolderFiles;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/** The right to work on one item, taken from {@link Claims}. */
public final class Claim {
  private final FolderFiles files;
  private final String folder;
  private final Attempt attempt;
  private long beats;
  private long written = System.nanoTime();
  private boolean told;

  Claim(FolderFiles files, String folder, Attempt attempt) {
    this.files = files;
    this.folder = folder;
    this.attempt = attempt;
  }

  /** How many times the item has been claimed, including this claim. */
  public int number() {
    return attempt.number();
  }

  /**
   * Makes sure that this process still holds the claim.
   *
   * @throws io.involution.failure.InputException when another process has taken it over
   */
  public void check() {
    attempt.check();
  }

  /** Writes a heartbeat. */
  void beat() {
    beats++;
    files.write(
        folder + "/" + beat(number()),
        String.valueOf(beats).getBytes(StandardCharsets.UTF_8),
        Durability.NOT_NEEDED);
    written = System.nanoTime();
    told = false;
  }

  /** Whether there has been no heartbeat for longer than this; true once for each silence. */
  boolean hasFallenSilent(Duration most) {
    boolean silent = System.nanoTime() - written > most.toNanos();
    boolean known = told;
    told = silent;
    return silent && !known;
  }

  /** Releases the claim, whether or not the work is done. */
  void end() {
    files.write(folder + "/" + ended(number()), new byte[0], Durability.ON_DISK);
  }

  static String beat(int number) {
    return String.format(Locale.ROOT, "beat-%05d", number);
  }

  static String ended(int number) {
    return String.format(Locale.ROOT, "ended-%05d", number);
  }
}
