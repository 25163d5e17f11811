package io.involution.data.cifar10;

import io.involution.data.Digests;
import io.involution.failure.Places;
import io.involution.files.Durability;
import io.involution.files.DurableFiles;
import io.involution.files.EnvironmentProxies;
import io.involution.files.FileSystems;
import io.involution.files.LimitedHttp;
import io.involution.files.LimitedHttp.Limits;
import io.involution.files.UserPath;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;

/**
 * Downloads the official archive. The file gets its name only when it is on the disk and its digest
 * is correct; a failed download leaves nothing behind.
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

  /** What follows the archive's name while it is downloaded, or was in earlier versions. */
  private static final String UNFINISHED =
      "{.????????-????-????-????-????????????.tmp,[0-9]*.part}";

  private static final int OK = 200;
  private static final long NOTICE_NANOS = Duration.ofSeconds(5).toNanos();

  /**
   * Downloads the archive unless it is there, and removes what killed downloads have left.
   *
   * @param target the file to write
   * @param hadoop settings of the file systems
   * @return why it failed; empty on success
   */
  Optional<String> to(Path target, Configuration hadoop) {
    try {
      DurableFiles files = new DurableFiles(FileSystems.of(UserPath.of(target), hadoop));
      removeUnfinished(target, files);
      if (!Files.exists(target)) {
        files.replace(UserPath.of(target), this::fetch, Durability.ON_DISK, () -> {});
        notices.accept("CIFAR-10 is now in " + target);
      }
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(from.getHost() + through() + ": " + Places.reason(e));
    }
  }

  /** Only files so old that no download is still writing them. */
  private void removeUnfinished(Path target, DurableFiles files) {
    Instant oldest = Instant.now().minus(limits.total());
    try (DirectoryStream<Path> found =
        Files.newDirectoryStream(target.getParent(), target.getFileName() + UNFINISHED)) {
      for (Path file : found) {
        if (Files.getLastModifiedTime(file).toInstant().isBefore(oldest)) {
          files.delete(UserPath.of(file));
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // They only take up space.
    }
  }

  private String through() {
    return proxies.proxy(from).map(at -> " through the proxy " + at.getHostString()).orElse("");
  }

  private void fetch(OutputStream out) throws IOException {
    LimitedHttp http = new LimitedHttp(limits, Redirect.NORMAL, proxies);
    Copy copy = new Copy(out, notices);
    int code = http.send(HttpRequest.newBuilder(from).build(), copy);
    if (code != OK) {
      throw new IOException("HTTP status " + code);
    }
    String md5 = copy.digests.finish(Cifar10Format.ARCHIVE).md5();
    if (!md5.equals(Cifar10Format.ARCHIVE_MD5)) {
      throw new IOException("another file, with MD5 " + md5);
    }
  }

  /** Writes the archive as it arrives. */
  private static final class Copy implements LimitedHttp.Sink {
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
  }
}
