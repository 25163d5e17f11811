package io.involution.data.cifar10;

import io.involution.data.Digests;
import io.involution.data.FileDigest;
import io.involution.failure.Places;
import io.involution.files.EnvironmentProxies;
import io.involution.files.LimitedHttp;
import io.involution.files.LimitedHttp.Limits;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Downloads the official archive. The file gets its name only when it is complete and its digest is
 * correct; a failed download leaves nothing behind.
 *
 * @param from the archive's URL
 * @param proxies which proxy leads there
 * @param limits in bytes and time
 * @param notices receives progress messages
 */
record Download(URI from, EnvironmentProxies proxies, Limits limits, Consumer<String> notices) {
  /** For the official archive, which has 170 MB. */
  static final Limits LIMITS =
      new Limits(200_000_000, Duration.ofSeconds(30), Duration.ofMinutes(60));

  private static final int OK = 200;
  private static final long NOTICE_NANOS = Duration.ofSeconds(5).toNanos();

  /**
   * Downloads the archive.
   *
   * @param target the file to write
   * @return why it failed; empty on success
   */
  Optional<String> to(Path target) {
    Path temporary = null;
    try {
      Files.createDirectories(target.getParent());
      temporary =
          Files.createTempFile(target.getParent(), target.getFileName().toString(), ".part");
      FileDigest digest = fetch(temporary);
      if (!digest.md5().equals(Cifar10Format.ARCHIVE_MD5)) {
        return Optional.of(from + " returned a file with MD5 " + digest.md5());
      }
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      notices.accept("CIFAR-10 is now in " + target);
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(from.getHost() + through() + ": " + Places.reason(e));
    } finally {
      remove(temporary);
    }
  }

  private String through() {
    return proxies.proxy(from).map(at -> " through the proxy " + at.getHostString()).orElse("");
  }

  private FileDigest fetch(Path temporary) throws IOException {
    LimitedHttp http = new LimitedHttp(limits, Redirect.NORMAL, proxies);
    try (Copy copy = new Copy(Files.newOutputStream(temporary), notices)) {
      int code = http.send(HttpRequest.newBuilder(from).build(), copy);
      if (code != OK) {
        throw new IOException("HTTP status " + code);
      }
      return copy.digests.finish(Cifar10Format.ARCHIVE);
    }
  }

  /** Writes the archive as it arrives. */
  private static final class Copy implements LimitedHttp.Sink, AutoCloseable {
    private final Digests digests = new Digests();
    private final OutputStream out;
    private final Consumer<String> notices;
    private long total;
    private long noticed = System.nanoTime();

    Copy(OutputStream out, Consumer<String> notices) {
      this.out = out;
      this.notices = notices;
    }

    @Override
    public void accept(int code, byte[] part) throws IOException {
      if (code != OK) {
        throw new IOException("HTTP status " + code);
      }
      total += part.length;
      out.write(part);
      digests.update(part, 0, part.length);
      if (System.nanoTime() - noticed > NOTICE_NANOS) {
        noticed = System.nanoTime();
        notices.accept(
            String.format(Locale.ROOT, "downloading CIFAR-10: %d of 170 MB", total / 1_000_000));
      }
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }

  private static void remove(Path temporary) {
    try {
      if (temporary != null) {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      // A temporary file that cannot be deleted is harmless: it never had the archive's name.
      temporary.toFile().deleteOnExit();
    }
  }
}
