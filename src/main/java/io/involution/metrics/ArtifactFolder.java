package io.involution.metrics;

import io.involution.evaluate.Evaluation;
import io.involution.evaluate.artifact.Confusion;
import io.involution.evaluate.artifact.Mistake;
import io.involution.evaluate.artifact.Prediction;
import io.involution.evaluate.artifact.Sample;
import io.involution.failure.InputException;
import io.involution.files.WholeFile;
import io.involution.model.summary.NetworkSummary;
import io.involution.run.RunFolder;
import io.involution.train.EpochOutcome;
import io.involution.train.Journal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * {@code MODEL/artifacts}: what a report draws besides the metrics, so that it needs neither the
 * data nor the model.
 */
public final class ArtifactFolder implements Journal {
  private static final String NETWORK = "network.json";
  private static final String CONFUSION = "confusion.json";
  private static final String MISTAKES = "mistakes.json";
  private static final String SAMPLES = "samples.json";
  private static final String PREDICTIONS = "predictions.json";

  /** What indentation and the like take beside an example, in bytes. */
  private static final long FRAME = 1024;

  private final RunFolder folder;
  private final String path;
  private final List<String> classNames;

  /**
   * The artifacts of one model.
   *
   * @param folder the run's folder
   * @param model the network's name
   * @param classNames the classes, in label order
   */
  public ArtifactFolder(RunFolder folder, String model, List<String> classNames) {
    this.folder = folder;
    this.path = model + "/artifacts/";
    this.classNames = classNames;
  }

  /**
   * The most confident mistakes.
   *
   * @param epoch the epoch after which the model made them; null for a saved model
   * @param classes names of the classes, in label order
   * @param mistakes test examples, the most confident mistake first
   */
  private record Mistakes(Integer epoch, List<String> classes, List<Mistake> mistakes) {}

  /**
   * Training examples as they are read.
   *
   * @param classes names of the classes, in label order
   * @param train the first training examples
   */
  private record Samples(List<String> classes, List<Sample> train) {}

  /**
   * What the model makes of some test examples.
   *
   * @param classes names of the classes, in label order
   * @param test the first test examples, and those that {@code --images} names
   * @param predictions a prediction for each
   * @param leftOut how many more there were, for which the file has no room
   */
  private record Predictions(
      List<String> classes, List<Sample> test, List<Prediction> predictions, int leftOut) {
    private Predictions {
      if (test.size() != predictions.size()) {
        throw new IllegalArgumentException("as many predictions as test examples");
      }
    }
  }

  @Override
  public void epochEnded(EpochOutcome outcome) {
    outcome.test().ifPresent(test -> test(outcome.epoch(), test));
  }

  /** Writes a saved model's results on the test examples. */
  public void evaluated(Evaluation test) {
    test(null, test);
  }

  /**
   * Writes the results of a model's last epoch on the test examples, which are missing or damaged.
   */
  public void evaluatedAgain(int epoch, Evaluation test) {
    test(epoch, test);
  }

  /** Whether the results on the test examples are there, and are those of an epoch. */
  public boolean hasEvaluation(int epoch) {
    try {
      return read(CONFUSION, Confusion.class).filter(known -> is(known.epoch(), epoch)).isPresent()
          && read(MISTAKES, Mistakes.class).filter(known -> is(known.epoch(), epoch)).isPresent();
    } catch (InputException damaged) {
      return false;
    }
  }

  /** The test result of each class after the last epoch. */
  public List<ClassResult> classes() {
    return read(CONFUSION, Confusion.class).map(ClassResult::of).orElse(List.of());
  }

  private static boolean is(Integer known, int epoch) {
    return known != null && known == epoch;
  }

  private void test(Integer epoch, Evaluation test) {
    write(CONFUSION, test.confusion(epoch, classNames));
    write(MISTAKES, new Mistakes(epoch, classNames, test.mistakes()));
  }

  /** Writes the network's layers, parameters and cost. */
  public void network(NetworkSummary summary) {
    write(NETWORK, summary);
  }

  /** Writes the first training examples. */
  public void samples(List<Sample> train) {
    write(SAMPLES, new Samples(classNames, train));
  }

  /**
   * Writes some test examples and the model's predictions for them: the first ones, as many as a
   * report can read. Kernels may take megabytes an image.
   *
   * @param predictions makes the prediction for the example at a place in the list
   */
  public void predictions(List<Sample> test, IntFunction<Prediction> predictions) {
    List<Prediction> kept = new ArrayList<>();
    long left = WholeFile.most(PREDICTIONS) - Json.pretty(classNames).length - FRAME;
    while (kept.size() < test.size()) {
      Prediction next = predictions.apply(kept.size());
      left -= Json.pretty(List.of(test.get(kept.size()), next)).length + FRAME;
      if (left < 0) {
        break;
      }
      kept.add(next);
    }
    int number = kept.size();
    write(
        PREDICTIONS,
        new Predictions(classNames, test.subList(0, number), kept, test.size() - number));
  }

  private void write(String name, Object value) {
    folder.write(path + name, Json.pretty(value));
  }

  /**
   * Reads the artifacts of a model.
   *
   * @throws InputException naming a file that is damaged
   */
  public static ModelArtifacts read(RunFolder folder, String model) {
    ArtifactFolder artifacts = new ArtifactFolder(folder, model, List.of());
    Optional<Confusion> confusion = artifacts.read(CONFUSION, Confusion.class);
    Optional<Samples> samples = artifacts.read(SAMPLES, Samples.class);
    Optional<Predictions> predictions = artifacts.read(PREDICTIONS, Predictions.class);
    return new ModelArtifacts(
        confusion
            .map(Confusion::classes)
            .or(() -> samples.map(Samples::classes))
            .or(() -> predictions.map(Predictions::classes))
            .orElse(List.of()),
        artifacts.read(NETWORK, NetworkSummary.class),
        confusion,
        artifacts.read(MISTAKES, Mistakes.class).map(Mistakes::mistakes).orElse(List.of()),
        samples.map(Samples::train).orElse(List.of()),
        predictions.map(Predictions::test).orElse(List.of()),
        predictions.map(Predictions::predictions).orElse(List.of()),
        predictions.map(Predictions::leftOut).orElse(0));
  }

  /**
   * Reads only a model's layers.
   *
   * @throws InputException if their file is damaged
   */
  public static ModelArtifacts readLayers(RunFolder folder, String model) {
    return new ModelArtifacts(
        List.of(),
        new ArtifactFolder(folder, model, List.of()).read(NETWORK, NetworkSummary.class),
        Optional.empty(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        0);
  }

  private <T> Optional<T> read(String name, Class<T> type) {
    Optional<byte[]> bytes = folder.read(path + name);
    if (bytes.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Json.read(bytes.get(), type));
    } catch (IOException e) {
      throw new InputException(
          folder.location() + "/" + path + name + " is damaged: run train again", e);
    }
  }
}
