package io.involution.run;

import io.involution.data.Sha256;
import io.involution.failure.InputException;
import io.involution.files.NumberedNames;
import io.involution.model.state.ModelState;
import io.involution.model.state.ModelStateFormat;
import io.involution.train.TrainingPoint;
import io.involution.train.time.Position;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The checkpoints of one model of a run, in {@code MODEL/checkpoint-eEPOCHS-rROUNDS-aATTEMPT}: the
 * parts are written first, then a commit marker with their digests. A checkpoint without its marker
 * is ignored, and no attempt writes to another attempt's checkpoints.
 */
public final class Checkpoints {
  private static final String PREFIX = "checkpoint-";
  static final String STATE = "part-00000.bin";
  static final String ROWS = "part-00001.jsonl";
  private static final String MARKER = "_COMMITTED";

  /** Epochs, rounds, attempt. */
  private static final Pattern NAME =
      Pattern.compile(PREFIX + "e(\\d{5,9})-r(\\d{5,9})-a(\\d{5,9})");

  private static final Pattern FILES =
      Pattern.compile("(" + String.join("|", STATE, ROWS, MARKER) + ")(\\.[\\w-]+\\.tmp)?");
  private static final int KEPT = 2;

  /** Those of a state's arrays: its file is one array too, and also has their names. */
  private static final long MOST_BYTES = (2L << 30) - (1L << 20);

  private final RunFolder folder;
  private final String model;
  private final Map<String, String> identity;

  /** Checkpoints known to be good, the newest last. */
  private final Deque<String> good = new ArrayDeque<>();

  /**
   * The checkpoints of one model.
   *
   * @param folder the run's folder
   * @param model the network's name
   * @param identity everything that determines the run's result
   */
  public Checkpoints(RunFolder folder, String model, Map<String, String> identity) {
    this.folder = folder;
    this.model = model;
    this.identity = identity;
  }

  /**
   * Makes sure that a checkpoint can hold a training where each worker keeps its own updater state,
   * before the first epoch rather than after it.
   *
   * @param model the network's name
   * @param fresh the state that training begins with
   * @param added bytes of the arrays that the driver adds to it
   * @throws InputException when they are too large together
   */
  public static void requireRoom(String model, ModelState fresh, long added) {
    long bytes = fresh.bytes() + added;
    if (bytes > MOST_BYTES) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "--updater-state local makes checkpoints of %s of %,d bytes with the updater states"
                  + " of %d workers, but one can hold %,d: lower --workers, or use --updater-state"
                  + " averaged",
              model,
              bytes,
              fresh.ownUpdaters().size(),
              MOST_BYTES));
    }
  }

  /** Whether a run has a checkpoint of a model that it could be resumed from. */
  public static boolean exist(RunFolder folder, String model) {
    return folder.list(model).stream()
        .filter(name -> name.startsWith(PREFIX))
        .anyMatch(name -> folder.read(model + "/" + name + "/" + MARKER).isPresent());
  }

  /**
   * How many epochs had ended when a model's checkpoints were written, also those that are damaged.
   *
   * @param names what is in the model's folder
   */
  static List<Integer> epochs(List<String> names) {
    return NumberedNames.sorted(names, NAME, 1).stream()
        .map(name -> Integer.valueOf(name.group(1)))
        .toList();
  }

  /** Writes a checkpoint and then deletes all but the newest two. */
  public void save(Checkpoint checkpoint) {
    Position position = checkpoint.point().position();
    String name =
        PREFIX
            + String.format(
                Locale.ROOT,
                "e%05d-r%05d-a%05d",
                position.epochs(),
                position.rounds(),
                folder.attempt());
    byte[] state = ModelStateFormat.write(checkpoint.point().state());
    byte[] rows = String.join("\n", checkpoint.rows()).getBytes(StandardCharsets.UTF_8);
    CheckpointMarker marker =
        new CheckpointMarker(
            CheckpointMarker.FORMAT,
            identity,
            position,
            checkpoint.point().sums(),
            Map.of(STATE, Sha256.hex(state), ROWS, Sha256.hex(rows)),
            checkpoint.parts());
    folder.write(path(name, STATE), state);
    folder.write(path(name, ROWS), rows);
    folder.write(path(name, MARKER), marker.bytes());
    good.addLast(name);
    while (good.size() > KEPT) {
      good.removeFirst();
    }
    for (String other : names()) {
      if (!good.contains(other)) {
        delete(other);
      }
    }
  }

  /**
   * The newest good checkpoint.
   *
   * @param warnings receives a message for every newer one that is damaged
   * @return empty when there are no checkpoints
   * @throws InputException when there are committed checkpoints but none is good, or when they
   *     belong to a run with a different identity
   */
  public Optional<Checkpoint> latest(Consumer<String> warnings) {
    boolean damaged = false;
    boolean unfinished = false;
    List<String> names = names();
    for (int i = names.size() - 1; i >= 0; i--) {
      String name = names.get(i);
      Optional<byte[]> marker = folder.read(path(name, MARKER));
      if (marker.isEmpty()) {
        continue;
      }
      Optional<Checkpoint> checkpoint = read(name, marker.get());
      if (checkpoint.isPresent()) {
        good.addLast(name);
        return checkpoint;
      }
      boolean whole = CheckpointMarker.isWhole(marker.get());
      damaged |= whole;
      unfinished |= !whole;
      warnings.accept(
          String.format(
              Locale.ROOT,
              "%s/%s/%s is damaged: looking for an older checkpoint",
              folder.location(),
              model,
              name));
    }
    if (damaged) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "no checkpoint of %s/%s can be read: start over with --overwrite",
              folder.location(),
              model));
    }
    if (unfinished) {
      warnings.accept(
          String.format(
              Locale.ROOT, "%s: no checkpoint was completed: starting from the beginning", model));
    }
    return Optional.empty();
  }

  private Optional<Checkpoint> read(String name, byte[] bytes) {
    String place = folder.location() + "/" + model + "/" + name;
    Optional<CheckpointMarker> read = CheckpointMarker.read(bytes, place);
    if (read.isEmpty()) {
      return Optional.empty();
    }
    CheckpointMarker marker = read.get();
    Identities.requireSame(marker.identity(), identity, place);
    Optional<byte[]> state = sound(path(name, STATE), marker.files().get(STATE));
    Optional<byte[]> rows = sound(path(name, ROWS), marker.files().get(ROWS));
    boolean parts =
        marker.parts().entrySet().stream()
            .allMatch(
                part ->
                    part.getKey().startsWith("metrics/part-" + model + "-")
                        && sound(part.getKey(), part.getValue()).isPresent());
    if (state.isEmpty() || rows.isEmpty() || !parts) {
      return Optional.empty();
    }
    ModelState model = ModelStateFormat.read(state.get(), place);
    List<String> lines = new String(rows.get(), StandardCharsets.UTF_8).lines().toList();
    TrainingPoint point = new TrainingPoint(marker.position(), marker.sums(), model);
    return Optional.of(new Checkpoint(point, lines, marker.parts()));
  }

  private Optional<byte[]> sound(String file, String sha256) {
    return folder.read(file).filter(bytes -> Sha256.hex(bytes).equals(sha256));
  }

  /**
   * Deletes the marker first: if the deletion is interrupted, the remaining files are ignored. Only
   * files of a checkpoint are deleted.
   */
  private void delete(String name) {
    folder.delete(path(name, MARKER));
    for (String file : folder.list(model + "/" + name)) {
      if (FILES.matcher(file).matches()) {
        folder.delete(path(name, file));
      }
    }
    folder.deleteEmpty(model + "/" + name);
  }

  /** The newest last. */
  private List<String> names() {
    return NumberedNames.sorted(folder.list(model), NAME, 1, 2, 3).stream()
        .map(MatchResult::group)
        .toList();
  }

  private String path(String name, String file) {
    return model + "/" + name + "/" + file;
  }
}
