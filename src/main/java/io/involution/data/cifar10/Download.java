package io.involution.data.cifar10;

import io.involution.data.Digests;
import io.involution.data.FileDigest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
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
 * @param notices receives progress messages
 */
record Download(URI from, Consumer<String> notices) {
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration HEADERS = Duration.ofSeconds(30);
  private static final long NOTICE_NANOS = Duration.ofSeconds(5).toNanos();
  private static final long MOST_BYTES = 200_000_000;

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
      return Optional.of(from.getHost() + ": " + e.getClass().getSimpleName());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of("interrupted");
    } finally {
      remove(temporary);
    }
  }

  private FileDigest fetch(Path temporary) throws IOException, InterruptedException {
    HttpClient client =
        HttpClient.newBuilder().connectTimeout(CONNECT).followRedirects(Redirect.NORMAL).build();
    HttpRequest request = HttpRequest.newBuilder(from).timeout(HEADERS).build();
    HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
    try (InputStream in = response.body();
        OutputStream out = Files.newOutputStream(temporary)) {
      if (response.statusCode() != 200) {
        throw new IOException("HTTP status " + response.statusCode());
      }
      return copy(in, out);
    }
  }

  private FileDigest copy(InputStream in, OutputStream out) throws IOException {
    Digests digests = new Digests();
    byte[] buffer = new byte[1 << 16];
    long total = 0;
    long noticed = System.nanoTime();
    for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
      total += count;
      if (total > MOST_BYTES) {
        throw new IOException("more than " + MOST_BYTES + " bytes");
      }
      out.write(buffer, 0, count);
      digests.update(buffer, 0, count);
      if (System.nanoTime() - noticed > NOTICE_NANOS) {
        noticed = System.nanoTime();
        notices.accept(
            String.format(Locale.ROOT, "downloading CIFAR-10: %d of 170 MB", total / 1_000_000));
      }
    }
    return digests.finish(Cifar10Format.ARCHIVE);
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
