package io.involution.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the environment may call a proxy. */
class EnvironmentProxiesTest {
  @ParameterizedTest
  @CsvSource({
    "http://CORP\\me:pw@proxy:8080, proxy:8080",
    "http://me:50%off@proxy:3128, proxy:3128",
    "http://me:my p@/#w@squid_proxy:3128/x, squid_proxy:3128",
    "squid_proxy, squid_proxy:1080",
    "http://proxy:/, proxy:1080",
    "http://[::1]:3128, [::1]:3128"
  })
  void aProxyMayHaveAnyPasswordAndName(String value, String address) {
    assertThat(proxy(value)).contains(address);
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://me:p@w@", "http://:3128", "http://proxy:port", "proxy:99999"})
  void whatIsNoProxyLeadsNowhere(String value) {
    assertThat(proxy(value)).isEmpty();
  }

  private static Optional<String> proxy(String value) {
    return new EnvironmentProxies(Map.of("https_proxy", value))
        .proxy(URI.create("https://archive.example/"))
        .map(at -> at.getHostString() + ":" + at.getPort());
  }
}
