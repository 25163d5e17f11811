package io.involution.device;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** The name of this machine. */
public final class HostName {
  private HostName() {}

  /** The host name, or a substitute if it cannot be resolved. */
  public static String orElse(String otherwise) {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException unresolved) {
      return otherwise;
    }
  }
}
