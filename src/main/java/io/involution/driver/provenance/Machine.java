package io.involution.driver.provenance;

import io.involution.device.HostName;

/**
 * The driver's machine, for the run's record.
 *
 * @param host its name
 * @param os operating system and version
 * @param architecture processor architecture
 * @param cores processors that the JVM may use
 * @param java the JVM's version
 * @param jobVersion the job's version
 * @param jobCommit the commit that the job was built from
 */
public record Machine(
    String host,
    String os,
    String architecture,
    int cores,
    String java,
    String jobVersion,
    String jobCommit) {

  /** The machine of this JVM. */
  public static Machine here() {
    return new Machine(
        HostName.orElse("unknown"),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        System.getProperty("os.arch"),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("java.runtime.version"),
        JobVersion.version(),
        JobVersion.commit());
  }
}
