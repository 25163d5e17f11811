package io.involution.doctor;

import io.involution.failure.InputException;

/**
 * What one check has found.
 *
 * @param check what was looked at
 * @param level what that means for a run
 * @param found what there is
 * @param fix what to change; empty where that is nothing
 */
public record Finding(String check, Level level, String found, String fix) {

  /** What a finding means for a run. */
  public enum Level {
    /** As it should be. */
    OK,
    /** A run would work, and may be slower or other than it was meant to be. */
    WARN,
    /** A run would not work. */
    FAIL
  }

  /** All is well. */
  public static Finding ok(String check, String found) {
    return new Finding(check, Level.OK, found, "");
  }

  /** A run would work, but. */
  public static Finding warn(String check, String found, String fix) {
    return new Finding(check, Level.WARN, found, fix);
  }

  /** A run would not work. */
  public static Finding fail(String check, String found, String fix) {
    return new Finding(check, Level.FAIL, found, fix);
  }

  /** A run would be refused with this line: what is wrong, a colon, the fix. */
  public static Finding fail(String check, InputException refused) {
    String line = refused.getMessage();
    int colon = line.lastIndexOf(": ");
    return colon < 0
        ? fail(check, line, "")
        : fail(check, line.substring(0, colon), line.substring(colon + 2));
  }

  /** The same, with the places where it was found. */
  Finding in(String places) {
    return new Finding(check, level, found + " [" + places + "]", fix);
  }
}
