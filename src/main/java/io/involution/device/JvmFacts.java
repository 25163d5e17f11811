package io.involution.device;

import io.involution.compute.Processor;
import io.involution.failure.InputException;
import io.involution.failure.Places;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import org.apache.hadoop.security.UserGroupInformation;
import org.bytedeco.javacpp.Pointer;

/**
 * Facts about a driver or executor, as far as they can be determined without ND4J.
 *
 * @param java the JVM's version
 * @param backend ND4J's backend; null with a fault
 * @param backendFault the error message if the jar's backends cannot be used; null without a fault
 * @param processor the processor's name
 * @param cores processors that the JVM may use
 * @param heapBytes maximum size of the heap
 * @param outsideBytes maximum that ND4J allocates outside the heap
 * @param gpus what nvidia-smi lists
 * @param gpuFault why {@code gpus} is empty; null without a fault
 * @param login the user of Hadoop's file systems
 * @param clockMillis the JVM's clock
 */
public record JvmFacts(
    String java,
    Backend backend,
    String backendFault,
    String processor,
    int cores,
    long heapBytes,
    long outsideBytes,
    List<Gpu> gpus,
    String gpuFault,
    Login login,
    long clockMillis)
    implements Serializable {

  private static final Duration GPU_LIMIT = Duration.ofSeconds(5);

  /**
   * The user of Hadoop's file systems. Names only: no key, no password.
   *
   * @param user the user's name
   * @param kerberos whether Hadoop asks for Kerberos
   * @param credentials whether the user has a ticket or a keytab
   * @param tokens kinds of the user's delegation tokens
   */
  public record Login(String user, boolean kerberos, boolean credentials, List<String> tokens)
      implements Serializable {

    private static Login here() {
      try {
        UserGroupInformation user = UserGroupInformation.getCurrentUser();
        return new Login(
            user.getShortUserName(),
            UserGroupInformation.isSecurityEnabled(),
            user.hasKerberosCredentials(),
            user.getTokens().stream().map(token -> token.getKind().toString()).sorted().toList());
      } catch (IOException e) {
        return new Login("unknown, " + Places.reason(e), false, false, List.of());
      }
    }
  }

  /** The facts of this JVM. */
  public static JvmFacts here() {
    Backend backend = null;
    String fault = null;
    try {
      backend = Backend.here();
    } catch (InputException e) {
      fault = e.getMessage();
    }
    NvidiaSmi.Answer smi = new NvidiaSmi("nvidia-smi", GPU_LIMIT).ask();
    Runtime runtime = Runtime.getRuntime();
    return new JvmFacts(
        System.getProperty("java.version"),
        backend,
        fault,
        Processor.here().value("model name").orElse(System.getProperty("os.arch")),
        runtime.availableProcessors(),
        runtime.maxMemory(),
        Pointer.maxBytes(),
        List.copyOf(smi.gpus()),
        smi.fault(),
        Login.here(),
        System.currentTimeMillis());
  }
}
