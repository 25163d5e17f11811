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
import java.util.regex.Pattern;

/**
 * The proxies that the environment names, as curl reads them: {@code https_proxy}, {@code
 * http_proxy}, and {@code no_proxy} with the ends of names. Where it names none, Java's own; none
 * leads to this machine itself.
 */
public final class EnvironmentProxies extends ProxySelector {
  private static final int PORT = 3128;
  private static final Pattern HERE = Pattern.compile("localhost|127\\.[0-9.]+|\\[::1]");

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
    URI uri = URI.create(text.contains("://") ? text : "http://" + text);
    int port = uri.getPort() < 0 ? PORT : uri.getPort();
    return Optional.ofNullable(uri.getHost()).map(h -> new InetSocketAddress(h, port));
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
