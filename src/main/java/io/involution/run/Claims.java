package io.involution.run;

import io.involution.compute.DaemonThreads;
import io.involution.failure.InputException;
import io.involution.failure.Places;
import io.involution.failure.RunFailedException;
import io.involution.files.FolderFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims on work items for processes that share nothing but a folder on any Hadoop file system. A
 * claim is a numbered file that only one process can create; while the claim is held, its process
 * writes heartbeats. After a claim is released or its process has died, the item can be claimed
 * under the next number. A dead process is detected immediately on its own machine, and on other
 * machines by its missing heartbeats.
 */
public final class Claims implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Claims.class);
  private static final String FOLDER = "claims/";
  private static final Duration BEAT = Duration.ofSeconds(5);

  /**
   * Many heartbeats: a long pause of a JVM or of the file system must not look like a dead process.
   */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final FolderFiles files;
  private final Duration patience;
  private final Set<Claim> held = ConcurrentHashMap.newKeySet();
  private final Map<String, Sight> sights = new ConcurrentHashMap<>();
  private final ExecutorService heart =
      Executors.newSingleThreadExecutor(new DaemonThreads("claims"));

  /** A heartbeat and when it was first seen, by {@link System#nanoTime()}. */
  private record Sight(int number, String beat, long since) {}

  /** The claims in a folder. */
  public Claims(FolderFiles files) {
    this(files, BEAT, PATIENCE);
  }

  Claims(FolderFiles files, Duration beat, Duration patience) {
    this.files = files;
    this.patience = patience;
    heart.execute(() -> beat(beat));
  }

  /** How long a process may go without a heartbeat before it counts as dead. */
  public Duration patience() {
    return patience;
  }

  /**
   * Claims a work item.
   *
   * @return empty if another process holds it or claimed it first
   */
  public Optional<Claim> take(String work) {
    String folder = FOLDER + work;
    try {
      int highest = Attempt.highest(files.fileSystem(), files.path(folder));
      if (highest > 0 && !isFree(work, highest)) {
        return Optional.empty();
      }
      String token = UUID.randomUUID() + " " + Owner.here().text();
      Optional<Claim> claim =
          attempt(folder, highest + 1, token).map(attempt -> new Claim(files, folder, attempt));
      claim.ifPresent(held::add);
      return claim;
    } catch (IOException e) {
      throw unreachable("claim", folder, e);
    }
  }

  private Optional<Attempt> attempt(String folder, int number, String token) throws IOException {
    try {
      return Optional.of(Attempt.numbered(files.fileSystem(), files.path(folder), number, token));
    } catch (InputException taken) {
      return Optional.empty();
    }
  }

  /** Releases a work item, whether or not the work is done. */
  public void end(Claim claim) {
    if (held.remove(claim)) {
      claim.end();
    }
  }

  /**
   * Whether the process that last claimed a work item is known to be gone.
   *
   * @throws RunFailedException when the claims cannot be read
   */
  public boolean isAbandoned(String work) {
    try {
      int highest = Attempt.highest(files.fileSystem(), files.path(FOLDER + work));
      return highest == 0 || hasEnded(work, highest) || ownerIsGone(work, highest);
    } catch (IOException e) {
      throw unreachable("read", FOLDER + work, e);
    }
  }

  private RunFailedException unreachable(String verb, String folder, IOException why) {
    return new RunFailedException(
        String.format(
            Locale.ROOT,
            "cannot %s %s/%s: %s: make sure that it can be reached and written, then start again",
            verb,
            files.location(),
            folder,
            Places.reason(why)),
        why);
  }

  private boolean isFree(String work, int number) {
    return hasEnded(work, number) || ownerIsGone(work, number) || isSilent(work, number);
  }

  private boolean hasEnded(String work, int number) {
    return files.read(FOLDER + work + "/" + Claim.ended(number)).isPresent();
  }

  private boolean ownerIsGone(String work, int number) {
    return Owner.in(text(work, Attempt.name(number))).map(Owner::isGone).orElse(false);
  }

  /** Uses only this process's clock, since the clocks of machines differ. */
  private boolean isSilent(String work, int number) {
    String beat = text(work, Claim.beat(number));
    long now = System.nanoTime();
    Sight sight =
        sights.compute(
            work,
            (key, known) ->
                known != null && known.number() == number && known.beat().equals(beat)
                    ? known
                    : new Sight(number, beat, now));
    return now - sight.since() >= patience.toNanos();
  }

  private String text(String work, String file) {
    return files
        .read(FOLDER + work + "/" + file)
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
        .orElse("");
  }

  /** Writes heartbeats until it is closed. */
  private void beat(Duration pause) {
    while (!heart.isShutdown()) {
      try {
        Thread.sleep(pause.toMillis());
      } catch (InterruptedException closed) {
        return;
      }
      for (Claim claim : held) {
        beat(claim);
      }
    }
  }

  /** One that fails matters only if the next ones fail too. */
  private void beat(Claim claim) {
    try {
      claim.beat();
    } catch (RuntimeException e) {
      if (claim.hasFallenSilent(patience.dividedBy(2))) {
        LOG.warn(
            "warning: {}: after {} s without a heartbeat, another process may take over",
            Places.oneLine(e.getMessage()),
            patience.toSeconds());
      }
    }
  }

  /** Stops the heartbeats. */
  @Override
  public void close() {
    heart.shutdownNow();
  }
}
