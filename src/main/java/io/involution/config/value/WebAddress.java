package io.involution.config.value;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The address of a web server. Unlike {@link URI}, it has a host also where the host's name has an
 * underscore, as the names of containers may.
 *
 * @param scheme http or https
 * @param userInfo the decoded user and password before the host, if there are any
 * @param host a name or a numeric address
 * @param port the port; -1 for that of the scheme
 * @param path the path without a slash at its end, percent-encoded
 */
public record WebAddress(
    String scheme, Optional<String> userInfo, String host, int port, String path) {
  private static final Pattern AUTHORITY =
      Pattern.compile("(?:([^@]*)@)?([\\p{Alnum}_.-]+)(?::(\\d{1,5}))?");

  /** Parses an address; empty if it is not one of a web server. */
  public static Optional<WebAddress> parse(String address) {
    try {
      URI uri = new URI(address);
      String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      if ((!scheme.equals("http") && !scheme.equals("https")) || uri.getRawAuthority() == null) {
        return Optional.empty();
      }
      String path = withoutSlashes(uri.getRawPath());
      if (uri.getHost() != null) {
        Optional<String> user = Optional.ofNullable(uri.getUserInfo());
        return Optional.of(new WebAddress(scheme, user, uri.getHost(), uri.getPort(), path));
      }
      Matcher parts = AUTHORITY.matcher(uri.getRawAuthority());
      return parts.matches() ? Optional.of(of(scheme, parts, path)) : Optional.empty();
    } catch (URISyntaxException noAddress) {
      return Optional.empty();
    }
  }

  private static WebAddress of(String scheme, Matcher parts, String path)
      throws URISyntaxException {
    Optional<String> user = Optional.ofNullable(parts.group(1));
    if (user.isPresent()) {
      user = Optional.of(new URI("http://" + user.get() + "@host").getUserInfo());
    }
    int port = parts.group(3) == null ? -1 : Integer.parseInt(parts.group(3));
    return new WebAddress(scheme, user, parts.group(2), port, path);
  }

  private static String withoutSlashes(String path) {
    int end = path == null ? 0 : path.length();
    while (end > 0 && path.charAt(end - 1) == '/') {
      end--;
    }
    return end == 0 ? "" : path.substring(0, end);
  }

  /** Whether the host's name has an underscore, with which Java makes no TLS connection. */
  public boolean hasUnderscore() {
    return host.contains("_");
  }

  /** The host with its port, as a request names it. */
  public String authority() {
    return host + (port < 0 ? "" : ":" + port);
  }

  /** The whole address without user and password. */
  public String shown() {
    return scheme + "://" + authority() + path;
  }
}
