package io.involution.device;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** This machine's name. */
public final class HostName {
  private HostName() {}

  /** The name, or what to call a machine without one. */
  public static String orElse(String otherwise) {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return otherwise;
    }
  }
}
