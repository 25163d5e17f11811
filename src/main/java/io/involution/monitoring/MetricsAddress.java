package io.involution.monitoring;

import io.involution.failure.InputException;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.apache.spark.SparkConf;

/**
 * Where the driver publishes its metrics: the setting {@code spark.involution.metrics}, {@code
 * PORT} or {@code ADDRESS:PORT}.
 *
 * @param host the address to listen on
 * @param port the port; 0 takes any free one
 */
public record MetricsAddress(String host, int port) {
  /** The setting. */
  public static final String SETTING = "spark.involution.metrics";

  private static final int MOST = 65535;

  /** Checks that the port is one. */
  public MetricsAddress {
    if (port < 0 || port > MOST) {
      throw new IllegalArgumentException("port " + port);
    }
  }

  /**
   * Where the settings put it; empty if they do not ask for metrics. Unless they name an address,
   * it is this machine's own where the whole cluster is on it, and else the one that the driver's
   * other ports have.
   *
   * @throws InputException when the setting is neither
   */
  public static Optional<MetricsAddress> of(SparkConf conf) {
    String value = conf.get(SETTING, "").strip();
    if (value.isEmpty()) {
      return Optional.empty();
    }
    int colon = value.lastIndexOf(':');
    String port = value.substring(colon + 1);
    if (colon == 0 || !port.matches("\\d{1,5}") || Integer.parseInt(port) > MOST) {
      throw new InputException(
          SETTING + " is '" + value + "': give PORT or ADDRESS:PORT, such as 9404 or 0.0.0.0:9404");
    }
    String host = colon > 0 ? value.substring(0, colon) : host(conf);
    return Optional.of(new MetricsAddress(host, Integer.parseInt(port)));
  }

  private static String host(SparkConf conf) {
    String loopback = "127.0.0.1";
    return conf.get("spark.master", "").startsWith("local")
        ? loopback
        : conf.get("spark.driver.bindAddress", conf.get("spark.driver.host", loopback));
  }

  /** The address to listen on, resolved. */
  InetSocketAddress socket() {
    return new InetSocketAddress(host.replaceAll("^\\[|\\]$", ""), port);
  }
}
