package io.involution.doctor;

import io.involution.failure.InputException;

/**
 * The result of one check.
 *
 * @param check what was checked
 * @param level what that means for a run
 * @param found what was found
 * @param fix what to change; empty if nothing
 */
record Finding(String check, Level level, String found, String fix) {

  /** What a finding means for a run. */
  enum Level {
    /** As it should be. */
    OK,
    /** A run would work, but might be slower than it could be, or not what the user expects. */
    WARN,
    /** A run would not work. */
    FAIL
  }

  /** A check that passes. */
  static Finding ok(String check, String found) {
    return new Finding(check, Level.OK, found, "");
  }

  /** A check that passes with a warning. */
  static Finding warn(String check, String found, String fix) {
    return new Finding(check, Level.WARN, found, fix);
  }

  /** A check that fails. */
  static Finding fail(String check, String found, String fix) {
    return new Finding(check, Level.FAIL, found, fix);
  }

  /** A check that fails with the error of a run: the problem, a colon, the fix. */
  static Finding fail(String check, InputException refused) {
    String line = refused.getMessage();
    int colon = line.lastIndexOf(": ");
    return colon < 0
        ? fail(check, line, "")
        : fail(check, line.substring(0, colon), line.substring(colon + 2));
  }

  /** The same finding, with the places where it was found. */
  Finding in(String places) {
    return new Finding(check, level, found + " [" + places + "]", fix);
  }
}
