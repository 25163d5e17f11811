package io.involution.tracking;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** Where a server takes a run's files, as it says itself. */
final class MlflowArtifacts {
  private static final String PROXY = "mlflow-artifacts";

  private MlflowArtifacts() {}

  /**
   * The path of a run's artifacts below the server's route for uploads.
   *
   * @param uri the run's artifact URI
   * @return absolute, percent-encoded, without a slash at its end; empty if the server accepts no
   *     uploads
   * @throws MlflowClient.Refused if the path leads out of that route
   */
  static Optional<String> path(String uri) throws MlflowClient.Refused {
    URI parsed;
    try {
      parsed = new URI(uri);
    } catch (URISyntaxException noUri) {
      return Optional.empty();
    }
    if (!PROXY.equals(parsed.getScheme()) || parsed.getRawPath() == null) {
      return Optional.empty();
    }
    String raw = parsed.getRawPath();
    int end = raw.length();
    while (end > 0 && raw.charAt(end - 1) == '/') {
      end--;
    }
    if (!isInside(
        parsed.getPath().substring(0, parsed.getPath().length() - (raw.length() - end)))) {
      throw new MlflowClient.Refused("its path for files leads out of its folder of artifacts");
    }
    return Optional.of(raw.substring(0, end));
  }

  /** Of a decoded path; a second round of decoding must not change it either. */
  private static boolean isInside(String path) {
    String[] segments = path.split("/", -1);
    for (int i = 1; i < segments.length; i++) {
      String segment = segments[i];
      if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
        return false;
      }
    }
    return segments[0].isEmpty()
        && segments.length > 1
        && path.chars().noneMatch(c -> c == '\\' || c == '%' || Character.isISOControl(c));
  }
}
