package io.involution.run;

import io.involution.config.InputException;
import io.involution.data.Sha256;
import io.involution.model.ModelState;
import io.involution.model.ModelStateFormat;
import io.involution.train.EpochOutcome;
import io.involution.train.Journal;
import io.involution.train.Round;
import io.involution.train.RoundOutcome;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Model states of a run by epoch, in {@code MODEL/checkpoint-NNNNN}: the state's file first, then a
 * commit marker that holds its digest. A checkpoint without a matching marker does not count.
 */
public final class Checkpoints implements Journal {
  private static final String STATE = "state.bin";
  private static final String MARKER = "_COMMITTED";
  private static final int KEPT = 2;
  private static final Pattern NAME = Pattern.compile("checkpoint-(\\d{5})");

  private final RunFolder folder;
  private final String model;

  /** The checkpoints of one model of a run. */
  public Checkpoints(RunFolder folder, String model) {
    this.folder = folder;
    this.model = model;
  }

  /**
   * A checkpoint.
   *
   * @param epoch the last epoch that is in it
   * @param state the model state at its end
   */
  public record Checkpoint(int epoch, ModelState state) {}

  @Override
  public void roundEnded(Round round, RoundOutcome outcome) {}

  @Override
  public void epochEnded(EpochOutcome outcome) {
    save(new Checkpoint(outcome.epoch(), outcome.state()));
  }

  /** Writes a checkpoint and then deletes all but the newest two. */
  public void save(Checkpoint checkpoint) {
    String name = name(checkpoint.epoch());
    byte[] bytes = ModelStateFormat.write(checkpoint.state());
    folder.write(name + "/" + STATE, bytes);
    folder.write(name + "/" + MARKER, Sha256.hex(bytes).getBytes(StandardCharsets.UTF_8));
    List<Integer> epochs = epochs();
    for (int epoch : epochs.subList(0, Math.max(0, epochs.size() - KEPT))) {
      folder.delete(name(epoch));
    }
  }

  /**
   * The newest good checkpoint.
   *
   * @param warnings told of every newer one that is damaged
   * @return empty when there is none at all
   * @throws InputException when there are committed ones but none is good
   */
  public Optional<Checkpoint> latest(Consumer<String> warnings) {
    List<Integer> epochs = epochs();
    boolean damaged = false;
    for (int i = epochs.size() - 1; i >= 0; i--) {
      String name = name(epochs.get(i));
      Optional<byte[]> marker = folder.read(name + "/" + MARKER);
      if (marker.isEmpty()) {
        continue;
      }
      Optional<ModelState> state = good(name, marker.get());
      if (state.isPresent()) {
        return Optional.of(new Checkpoint(epochs.get(i), state.get()));
      }
      damaged = true;
      warnings.accept(
          folder.location() + "/" + name + " is damaged: looking for an older checkpoint");
    }
    if (damaged) {
      throw new InputException(
          "no checkpoint of "
              + folder.location()
              + "/"
              + model
              + " can be read: start afresh with --overwrite");
    }
    return Optional.empty();
  }

  private Optional<ModelState> good(String name, byte[] marker) {
    Optional<byte[]> bytes = folder.read(name + "/" + STATE);
    if (bytes.isEmpty()
        || !Sha256.hex(bytes.get()).equals(new String(marker, StandardCharsets.UTF_8))) {
      return Optional.empty();
    }
    try {
      return Optional.of(ModelStateFormat.read(bytes.get(), name));
    } catch (InputException e) {
      return Optional.empty();
    }
  }

  private List<Integer> epochs() {
    List<Integer> epochs = new ArrayList<>();
    for (String name : folder.list(model)) {
      Matcher matcher = NAME.matcher(name);
      if (matcher.matches()) {
        epochs.add(Integer.valueOf(matcher.group(1)));
      }
    }
    return epochs;
  }

  private String name(int epoch) {
    return "%s/checkpoint-%05d".formatted(model, epoch);
  }
}
