package io.involution.cli;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Settings for commands in the test's own JVM, whose Spark talks to loopback only. */
final class LocalMaster implements BeforeAllCallback, AfterAllCallback {
  private final Map<String, String> settings;

  /**
   * The settings.
   *
   * @param threads how many tasks run at once
   * @param more further settings of Spark
   */
  LocalMaster(int threads, Map<String, String> more) {
    settings = new TreeMap<>(more);
    settings.put("spark.master", "local[" + threads + "]");
    settings.put("spark.ui.enabled", "false");
    settings.put("spark.driver.host", "127.0.0.1");
    settings.put("spark.driver.bindAddress", "127.0.0.1");
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    settings.forEach(System::setProperty);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    settings.keySet().forEach(System::clearProperty);
  }
}
