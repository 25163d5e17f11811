package io.involution.run;

import io.involution.files.Durability;
import io.involution.files.FolderFiles;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The right to work on one item, taken from {@link Claims}. */
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
