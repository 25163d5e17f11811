package io.involution.tracking;

import io.involution.compute.DaemonThreads;
import io.involution.failure.Places;
import io.involution.metrics.EpochRow;
import io.involution.run.RunFolder;
import io.involution.train.EpochOutcome;
import io.involution.train.Journal;
import io.involution.train.RoundOutcome;
import io.involution.train.time.Round;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * A run on an MLflow tracking server. Problems with the server never stop training: a separate
 * thread talks to the server, and what could not be sent is sent again with the next epoch's
 * metrics, unless the server refuses it. A warning says what follows, once for each consequence.
 */
public final class MlflowRun {
  private static final String NOTHING = "training continues, and nothing of it is logged there";

  private final MlflowClient client;
  private final RunFolder folder;
  private final Map<String, Object> parameters;
  private final Consumer<String> warnings;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(new DaemonThreads("mlflow"));
  private final Set<String> warned = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean ended = new AtomicBoolean();

  // Used by the thread only.
  private final MlflowBatch batch = new MlflowBatch();
  private Optional<MlflowEntry> entry = Optional.empty();
  private boolean refused;

  /**
   * A run that has not been created on the server yet.
   *
   * @param client the server
   * @param folder the run's folder, which stores the server's run ID
   * @param parameters options and other parameters
   * @param warnings receives one message when the server fails
   */
  MlflowRun(
      MlflowClient client,
      RunFolder folder,
      Map<String, Object> parameters,
      Consumer<String> warnings) {
    this.client = client;
    this.folder = folder;
    this.parameters = parameters;
    this.warnings = warnings;
  }

  /** How a run can end. */
  public enum End {
    /** Training is complete. */
    FINISHED,
    /** Training failed. */
    FAILED,
    /** Training was stopped. */
    KILLED
  }

  /** A call to the server, which may fail. */
  private interface Attempt {
    void run() throws IOException;
  }

  /** A call about a run that the server knows, which may fail. */
  private interface Call {
    void run(MlflowEntry entry) throws IOException;
  }

  /**
   * Starts a run, or resumes the run of an earlier attempt; empty if there can be no client.
   *
   * @param address the tracking server's address
   * @param environment where to look for credentials that the address does not contain
   * @param folder the run's folder
   * @param parameters options and other parameters
   * @param warnings receives one message when the server fails
   */
  public static Optional<MlflowRun> start(
      String address,
      Map<String, String> environment,
      RunFolder folder,
      Map<String, Object> parameters,
      Consumer<String> warnings) {
    MlflowClient client;
    try {
      client = new MlflowClient(address, environment, MlflowClient.ANSWER);
    } catch (RuntimeException e) {
      warnings.accept("warning: MLflow: " + Places.reason(e) + "; " + NOTHING);
      return Optional.empty();
    }
    return Optional.of(new MlflowRun(client, folder, parameters, warnings).started());
  }

  MlflowRun started() {
    later(() -> {}, "", entry -> {});
    return this;
  }

  /** The journal that sends a network's training metrics to the server. */
  public Journal journal(String model) {
    return new Journal() {
      @Override
      public void roundEnded(Round round, RoundOutcome outcome) {}

      @Override
      public void epochEnded(EpochOutcome outcome) {
        // Do not keep the outcome itself: models would pile up in memory behind a slow server.
        Map<String, Double> values = EpochMetrics.of(EpochRow.of(model, outcome));
        int epoch = outcome.epoch();
        long now = System.currentTimeMillis();
        later(
            () -> values.forEach((key, v) -> batch.metric(model + "/" + key, v, epoch, now)),
            "",
            entry -> {});
      }
    };
  }

  /** Uploads files of the run's folder, if the server accepts uploads. */
  public void upload(List<String> names) {
    later(
        () -> {},
        "the files are only in " + folder.location(),
        known -> {
          if (!known.upload(client, folder, names)) {
            warnings.accept(
                String.format(
                    Locale.ROOT,
                    "MLflow at %s does not accept files: the report is only in %s",
                    client.address(),
                    folder.location()));
          }
        });
  }

  /** Logs a trained network as a model, if the server accepts uploads. */
  public void log(MlflowModel model) {
    later(
        () -> {},
        "the networks are not listed as models there, and are only in " + folder.location(),
        known -> known.log(client, model));
  }

  /**
   * Ends the run, unless its end is noted already.
   *
   * @param patience maximum time to wait for the server
   */
  public void end(End end, Duration patience) {
    if (note(end)) {
      close(patience);
    }
  }

  /**
   * Notes how the run ended; what is uploaded may follow.
   *
   * @return false if that had been noted already
   */
  public boolean note(End end) {
    if (!ended.compareAndSet(false, true)) {
      return false;
    }
    long now = System.currentTimeMillis();
    later(
        () -> {},
        "the run's end is not noted there",
        known ->
            client.post(
                "runs/update",
                Map.of("run_id", known.id(), "status", end.name(), "end_time", now)));
    return true;
  }

  /**
   * Waits for the server to take what it has not.
   *
   * @param patience maximum time
   */
  public void close(Duration patience) {
    thread.shutdown();
    try {
      boolean done = thread.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS);
      if (!done) {
        warn("not everything was accepted in " + patience.toMillis() + " ms", "the rest is lost");
      }
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * In the thread: records something, sends pending data, and then makes the call.
   *
   * @param otherwise what it means if the call fails
   */
  private void later(Runnable note, String otherwise, Call call) {
    try {
      thread.execute(
          () -> {
            note.run();
            update();
            entry.ifPresent(known -> attempt(() -> call.run(known), otherwise));
          });
    } catch (RejectedExecutionException e) {
      // The run has ended: a signal arrived while an epoch ended.
    }
  }

  /** Creates the entry if there is none, and sends what is pending. */
  private void update() {
    try {
      if (entry.isEmpty() && !refused) {
        create();
      }
      while (entry.isPresent() && !batch.isEmpty()) {
        send(entry.get());
      }
    } catch (MlflowClient.Refused e) {
      refused = true;
      warn(Places.reason(e), NOTHING);
    } catch (IOException | RuntimeException e) {
      warn(Places.reason(e), "training continues, and every later epoch tries again");
    }
  }

  private void create() throws IOException {
    MlflowEntry found = MlflowEntry.of(client, folder);
    entry = Optional.of(found);
    if (found.fresh()) {
      parameters.forEach(batch::parameter);
      found.note(client, folder);
    }
  }

  private void send(MlflowEntry known) throws IOException {
    try {
      client.post("runs/log-batch", batch.next(known.id()));
    } catch (MlflowClient.Refused e) {
      warn(Places.reason(e), "training continues, and what is refused is not sent again");
    }
    batch.taken();
  }

  private void attempt(Attempt attempt, String otherwise) {
    try {
      attempt.run();
    } catch (IOException | RuntimeException e) {
      warn(Places.reason(e), otherwise);
    }
  }

  private void warn(String reason, String consequence) {
    if (warned.add(consequence)) {
      warnings.accept(
          String.format(
              Locale.ROOT,
              "warning: MLflow at %s: %s; %s",
              client.address(),
              reason.replaceFirst("^(Refused|IOException): ", ""),
              consequence));
    }
  }
}
