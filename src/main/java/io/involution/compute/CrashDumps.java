package io.involution.compute;

/**
 * DL4J's crash dumps: files of many lines that it leaves in the working folder when memory runs out
 * in a network. The job says in one line what has run out.
 */
public final class CrashDumps {
  private static final String SETTING = "org.deeplearning4j.crash.reporting.enabled";

  private CrashDumps() {}

  /** Switches them off in this process, unless the user has set the property. Cheap to repeat. */
  public static void off() {
    if (System.getProperty(SETTING) == null) {
      System.setProperty(SETTING, "false");
    }
  }
}
