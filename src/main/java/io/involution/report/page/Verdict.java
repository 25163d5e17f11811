package io.involution.report.page;

import io.involution.metrics.EpochRow;
import io.involution.report.run.Layers;
import io.involution.report.run.ModelData;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Two networks in a few sentences, each made from the run's figures.
 *
 * @param better the more accurate one
 * @param other the less accurate one
 */
record Verdict(ModelData better, ModelData other) {
  /** Epochs at the end that show whether a network still learns. */
  private static final int LAST_EPOCHS = 5;

  /** How much the test loss is above its lowest at least where it has risen. */
  private static final double RISE = 0.01;

  /** How much more accurate on training images a network is that has learned them by heart. */
  private static final double LARGE_GAP = 0.05;

  /** How much more accurate on training images a network is at most that has not. */
  private static final double SMALL_GAP = 0.02;

  Html html() {
    double lead = better.number("/test_accuracy") - other.number("/test_accuracy");
    Html text = Html.of("p").style("lead");
    text.text("That is ")
        .add(Figure.decimal(100 * lead, 2, "derived/lead").html())
        .text(" percentage points more of the test images. ");
    parameters(text);
    operations(text);
    density(text);
    Html box = Html.of("div").add(text);
    Html why = Html.of("p");
    gap(why, better);
    gap(why, other);
    return box.add(
        why.text(
            "One seed proves little: compare several with the report command over their runs."));
  }

  private void parameters(Html text) {
    Double mine = better.parameters();
    Double others = other.parameters();
    if (mine == null || others == null || mine.equals(others)) {
      return;
    }
    double times = Math.max(mine, others) / Math.min(mine, others);
    text.text(mine > others ? "It pays for that with " : "And it does so with ")
        .add(Figure.decimal(times, 1, "derived/parameter_ratio").html())
        .text(mine > others ? " times the parameters" : " times fewer parameters");
  }

  private void operations(Html text) {
    Optional<Layers> mine = better.artifacts().layers();
    Optional<Layers> others = other.artifacts().layers();
    if (mine.isEmpty() || others.isEmpty() || others.get().flops() == 0) {
      text.text(". ");
      return;
    }
    double times = (double) mine.get().flops() / others.get().flops();
    text.text(" and ")
        .add(Figure.decimal(times, 1, "derived/flops_ratio").html())
        .text(" times the arithmetic. ");
  }

  private void density(Html text) {
    Double mine = density(better);
    Double others = density(other);
    if (mine == null || others == null) {
      return;
    }
    ModelData denser = mine > others ? better : other;
    text.text("For every 1,000 parameters the " + denser.name() + " network gets ")
        .add(
            Figure.decimal(
                    Math.max(mine, others),
                    2,
                    "derived/" + denser.name() + "/points_per_thousand_parameters")
                .html())
        .text(" points of accuracy, the other ")
        .add(
            Figure.decimal(
                    Math.min(mine, others),
                    2,
                    "derived/"
                        + (denser.equals(better) ? other : better).name()
                        + "/points_per_thousand_parameters")
                .html())
        .text(".");
  }

  /** Percentage points of test accuracy for a thousand parameters. */
  static Double density(ModelData model) {
    Double accuracy = model.number("/test_accuracy");
    Double parameters = model.parameters();
    return accuracy == null || parameters == null ? null : 100_000 * accuracy / parameters;
  }

  private static void gap(Html text, ModelData model) {
    Double train = model.number("/train_accuracy");
    Double test = model.number("/test_accuracy");
    if (train == null || test == null) {
      return;
    }
    double gap = train - test;
    text.text("On training images the " + model.name() + " network is ")
        .add(Figure.decimal(Math.abs(100 * gap), 2, "derived/" + model.name() + "/gap").html())
        .text(" points " + (gap < 0 ? "less" : "more") + " accurate than on test images")
        .add(meaning(model, gap))
        .text(". ");
  }

  /** What the curves say about a gap; nothing where they say nothing. */
  private static Html meaning(ModelData model, double gap) {
    List<EpochRow> epochs = model.epochs();
    Html meaning = Html.of("span");
    if (epochs.size() <= LAST_EPOCHS) {
      return meaning;
    }
    EpochRow last = epochs.get(epochs.size() - 1);
    EpochRow lowest = Collections.min(epochs, Comparator.comparingDouble(EpochRow::testLoss));
    if (gap > LARGE_GAP && last.testLoss() > (1 + RISE) * lowest.testLoss()) {
      return meaning
          .text(", and its test loss has risen since epoch ")
          .add(
              Figure.count(lowest.epoch(), "derived/" + model.name() + "/lowest_loss_epoch").html())
          .text(": it learns its training images by heart");
    }
    EpochRow before = epochs.get(epochs.size() - 1 - LAST_EPOCHS);
    if (last.trainAccuracy() == null || before.trainAccuracy() == null) {
      return meaning;
    }
    double progress = last.trainAccuracy() - before.trainAccuracy();
    if (gap < SMALL_GAP) {
      return meaning
          .text(": it learns none by heart; its size and its epochs limit it. The last ")
          .text(LAST_EPOCHS + " of them changed its training accuracy by ")
          .add(Figure.points(progress, "derived/" + model.name() + "/last_progress").html())
          .text(" points");
    }
    return meaning;
  }
}
