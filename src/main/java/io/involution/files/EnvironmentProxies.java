package io.involution.files;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The proxies that the environment names, as curl reads them: {@code https_proxy}, {@code
 * http_proxy}, and {@code no_proxy} with the ends of names. Where it names none, Java's own; none
 * leads to this machine itself.
 */
public final class EnvironmentProxies extends ProxySelector {
  /** Of a proxy that is named without one. */
  private static final int PORT = 1080;

  private static final int MOST_PORT = 65_535;
  private static final Pattern HERE = Pattern.compile("localhost|127\\.[0-9.]+|\\[::1]");

  /** No URI: a user or password may hold any letters, and a host's name an underscore. */
  private static final Pattern ADDRESS =
      Pattern.compile(
          "(?:\\w+://)?+(?>.*@)?+(\\[[^\\]]+]|[^\\[:/?#]+)(?::(\\d{1,5})?)?(?:[/?#].*)?",
          Pattern.DOTALL);

  private final Map<String, String> environment;

  /** The proxies of an environment. */
  public EnvironmentProxies(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  /** The proxy for a server; empty if the environment names none that applies. */
  public Optional<InetSocketAddress> proxy(URI server) {
    String host = host(server).toLowerCase(Locale.ROOT);
    if (HERE.matcher(host).matches()) {
      return Optional.empty();
    }
    for (String word : value("no_proxy").orElse("").split("[,\\s]+", -1)) {
      String end = word.replaceFirst("^\\*?\\.", "").toLowerCase(Locale.ROOT);
      if (word.equals("*") || (!end.isEmpty() && (host.equals(end) || host.endsWith("." + end)))) {
        return Optional.empty();
      }
    }
    return value(server.getScheme() + "_proxy").flatMap(EnvironmentProxies::address);
  }

  /** The host's name; Java sees none where it has an underscore. */
  private static String host(URI server) {
    return server.getHost() == null
        ? String.valueOf(server.getAuthority()).replaceFirst(":\\d*$", "")
        : server.getHost();
  }

  private Optional<String> value(String name) {
    return Optional.ofNullable(environment.get(name))
        .or(() -> Optional.ofNullable(environment.get(name.toUpperCase(Locale.ROOT))))
        .filter(text -> !text.isBlank());
  }

  private static Optional<InetSocketAddress> address(String text) {
    Matcher parts = ADDRESS.matcher(text.strip());
    if (!parts.matches()) {
      return Optional.empty();
    }
    int port = parts.group(2) == null ? PORT : Integer.parseInt(parts.group(2));
    return port > MOST_PORT
        ? Optional.empty()
        : Optional.of(InetSocketAddress.createUnresolved(parts.group(1), port));
  }

  @Override
  public List<Proxy> select(URI server) {
    return proxy(server)
        .map(at -> List.of(new Proxy(Proxy.Type.HTTP, at)))
        .orElseGet(() -> ProxySelector.getDefault().select(server));
  }

  @Override
  public void connectFailed(URI server, SocketAddress proxy, IOException failure) {
    // The request fails with the same exception.
  }
}
