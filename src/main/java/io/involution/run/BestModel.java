package io.involution.run;

import io.involution.failure.InputException;
import io.involution.model.state.ModelState;
import io.involution.model.state.ModelStateFormat;
import io.involution.train.EpochOutcome;
import io.involution.train.Journal;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Keeps the model with the best validation accuracy so far, if examples are held out, and those
 * that were the best when the run's checkpoints were written: a run that resumes may train the
 * epochs after its checkpoint to other models, which need not be better than the one before.
 */
public final class BestModel implements Journal {
  private static final Pattern NAME = Pattern.compile("best-state-e\\d{5,}\\.bin");

  /** All that earlier versions of the job had: the last best model, whatever its epoch. */
  private static final String OF_ANY_EPOCH = "best-state.bin";

  private final RunFolder folder;
  private final String model;
  private double best = Double.NEGATIVE_INFINITY;

  /** The epochs that were better than all before them. */
  private final NavigableSet<Integer> bestEpochs = new TreeSet<>();

  /** The best model of one network of a run. */
  public BestModel(RunFolder folder, String model) {
    this.folder = folder;
    this.model = model;
  }

  /**
   * Records an epoch that an earlier attempt trained, in their order.
   *
   * @param epoch from 1
   * @param validationAccuracy null without validation
   */
  public void remember(int epoch, Double validationAccuracy) {
    if (validationAccuracy != null && validationAccuracy > best) {
      best = validationAccuracy;
      bestEpochs.add(epoch);
    }
  }

  /**
   * Makes sure that the best model of an earlier attempt can be read.
   *
   * @throws InputException when its file is missing or damaged
   */
  public void check() {
    state();
  }

  @Override
  public void epochEnded(EpochOutcome outcome) {
    outcome
        .validation()
        .filter(validation -> validation.accuracy() > best)
        .ifPresent(
            validation -> {
              folder.write(path(name(outcome.epoch())), ModelStateFormat.write(outcome.state()));
              remember(outcome.epoch(), validation.accuracy());
              forget();
            });
  }

  /** Deletes the models that neither this attempt nor one that resumes it needs. */
  private void forget() {
    List<String> there = folder.list(model);
    Set<String> needed = new HashSet<>();
    needed.add(name(bestEpochs.last()));
    for (int epochs : Checkpoints.epochs(there)) {
      Integer epoch = bestEpochs.floor(epochs);
      if (epoch != null) {
        needed.add(name(epoch));
      }
    }
    for (String name : there) {
      boolean old = name.equals(OF_ANY_EPOCH) && there.containsAll(needed);
      if (old || (NAME.matcher(name).matches() && !needed.contains(name))) {
        folder.delete(path(name));
      }
    }
  }

  /**
   * The best model.
   *
   * @return empty if no examples are held out, or no epoch has ended yet
   * @throws InputException when its file is missing or damaged
   */
  public Optional<ModelState> state() {
    if (bestEpochs.isEmpty()) {
      return Optional.empty();
    }
    String name = name(bestEpochs.last());
    return Optional.of(
        read(name)
            .or(() -> read(OF_ANY_EPOCH))
            .orElseThrow(
                () ->
                    new InputException(place(name) + " is missing: start over with --overwrite")));
  }

  private Optional<ModelState> read(String name) {
    return folder.read(path(name)).map(bytes -> ModelStateFormat.read(bytes, place(name)));
  }

  private String place(String name) {
    return folder.location() + "/" + path(name);
  }

  private String path(String name) {
    return model + "/" + name;
  }

  private static String name(int epoch) {
    return String.format(Locale.ROOT, "best-state-e%05d.bin", epoch);
  }
}
