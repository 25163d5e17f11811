package io.involution.metrics;

import io.involution.evaluate.Artifacts;
import io.involution.evaluate.Evaluation;
import io.involution.evaluate.Mistake;
import io.involution.model.summary.NetworkSummary;
import io.involution.run.RunFolder;
import io.involution.train.EpochOutcome;
import io.involution.train.Journal;
import java.util.Arrays;
import java.util.List;

/**
 * {@code MODEL/artifacts}: all that a report draws beside the metrics, so that it needs neither
 * data nor model.
 */
public final class ArtifactFolder implements Journal {
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

  /** {@code confusion.json}: counts by label and then by prediction; null where no epoch ended. */
  private record Confusion(Integer epoch, List<String> classes, List<List<Long>> counts) {}

  /** {@code mistakes.json}: the most confident mistakes; null where no epoch ended. */
  private record Mistakes(Integer epoch, List<String> classes, List<Mistake> mistakes) {}

  /** {@code samples.json}: the first training examples. */
  private record Samples(List<String> classes, List<Artifacts.Sample> train) {}

  /** {@code predictions.json}: some test examples, their pixels, predictions and kernels. */
  private record Predictions(
      List<String> classes, List<Artifacts.Sample> test, List<Artifacts.Prediction> predictions) {}

  @Override
  public void epochEnded(EpochOutcome outcome) {
    test(outcome.epoch(), outcome.test());
  }

  /** Writes what a saved model did on the test examples. */
  public void evaluated(Evaluation test) {
    test(null, test);
  }

  private void test(Integer epoch, Evaluation test) {
    List<List<Long>> counts =
        Arrays.stream(test.confusion()).map(row -> Arrays.stream(row).boxed().toList()).toList();
    write("confusion.json", new Confusion(epoch, classNames, counts));
    write("mistakes.json", new Mistakes(epoch, classNames, test.mistakes()));
  }

  /** Writes the network's layers, parameters and cost. */
  public void network(NetworkSummary summary) {
    write("network.json", summary);
  }

  /** Writes the first training examples. */
  public void samples(List<Artifacts.Sample> train) {
    write("samples.json", new Samples(classNames, train));
  }

  /** Writes some test examples and what the model makes of them. */
  public void predictions(List<Artifacts.Sample> test, List<Artifacts.Prediction> predictions) {
    write("predictions.json", new Predictions(classNames, test, predictions));
  }

  private void write(String name, Object value) {
    folder.replace(path + name, Json.pretty(value));
  }
}
