package io.involution.config.value;

import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The names under which a server of this job answers. A page of somebody else's can give its own
 * name this machine's address and then have a browser here read the server for it; the request's
 * Host header still shows that name.
 *
 * @param names in small letters
 */
public record HostNames(Set<String> names) {
  private static final Pattern PORT = Pattern.compile(":\\d{1,5}$");
  private static final Pattern ADDRESS =
      Pattern.compile("\\d{1,3}(?:\\.\\d{1,3}){3}|\\[[0-9a-f:.]{2,45}\\]");

  /** Copies the set. */
  public HostNames {
    names = Set.copyOf(names);
  }

  /** These names, and localhost. */
  public static HostNames of(Collection<String> names) {
    Set<String> small =
        names.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
    small.add("localhost");
    return new HostNames(small);
  }

  /**
   * Whether a request is for this server: it names an IP address or one of the names.
   *
   * @param header the request's Host header, null without one
   */
  public boolean include(String header) {
    if (header == null) {
      return false;
    }
    String host = PORT.matcher(header.toLowerCase(Locale.ROOT)).replaceFirst("");
    return ADDRESS.matcher(host).matches() || names.contains(host);
  }
}
