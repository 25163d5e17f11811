package io.involution.report.page;

import io.involution.metrics.EpochRow;
import io.involution.report.run.ModelData;
import java.util.Comparator;
import java.util.List;

/**
 * The two best networks in a few sentences, each derived from the run's metrics.
 *
 * @param better the more accurate one
 * @param other the less accurate one
 */
record Verdict(ModelData better, ModelData other) {
  /** The last epochs, which show whether a network is still learning. */
  private static final int LAST_EPOCHS = 5;

  /** How far the test loss must be above its lowest value to count as risen. */
  private static final double RISE = 0.01;

  /** A gap between train and test accuracy above which a network may be overfitting. */
  private static final double LARGE_GAP = 0.05;

  /** A gap below which it is not overfitting. */
  private static final double SMALL_GAP = 0.02;

  Html html() {
    double lead = better.number("/test_accuracy") - other.number("/test_accuracy");
    Html text = Html.of("p").style("lead");
    if (lead > 0) {
      text.text("It is ")
          .add(Value.decimal(100 * lead, 2, "derived/lead"))
          .text(" percentage points ahead of " + other.name() + " on the test images. It has ");
    } else {
      text.text("Compared with " + other.name() + ", the " + better.name() + " network has ");
    }
    parameters(text);
    operations(text);
    density(text);
    Html box = Html.of("div").add(text);
    Html why = Html.of("p");
    gap(why, better);
    gap(why, other);
    return box.add(
        why.text(
            "One seed proves little: run several seeds, and compare them with the report"
                + " command."));
  }

  private void parameters(Html text) {
    Double mine = better.parameters();
    Double others = other.parameters();
    if (mine == null || others == null) {
      text.text("an unknown number of parameters");
      return;
    }
    if (mine.equals(others)) {
      text.text("as many parameters");
      return;
    }
    double times = Math.max(mine, others) / Math.min(mine, others);
    text.add(Value.decimal(times, 1, "derived/parameter_ratio"))
        .text(mine > others ? " times the parameters" : " times fewer parameters");
  }

  private void operations(Html text) {
    Double mine = better.operations();
    Double others = other.operations();
    if (mine == null || others == null || Math.min(mine, others) == 0) {
      text.text(". ");
      return;
    }
    if (mine.equals(others)) {
      text.text(" and as much arithmetic. ");
      return;
    }
    double times = Math.max(mine, others) / Math.min(mine, others);
    text.text(" and ")
        .add(Value.decimal(times, 1, "derived/flops_ratio"))
        .text(mine > others ? " times the arithmetic. " : " times less arithmetic. ");
  }

  private void density(Html text) {
    Double mine = density(better);
    Double others = density(other);
    if (mine == null || others == null) {
      return;
    }
    ModelData denser = mine > others ? better : other;
    ModelData sparser = mine > others ? other : better;
    text.text("Per 1,000 parameters, the " + denser.name() + " network gets ")
        .add(
            Value.decimal(
                    Math.max(mine, others),
                    2,
                    "derived/" + denser.name() + "/points_per_thousand_parameters")
                .html())
        .text(" points of accuracy and " + sparser.name() + " ")
        .add(
            Value.decimal(
                    Math.min(mine, others),
                    2,
                    "derived/" + sparser.name() + "/points_per_thousand_parameters")
                .html())
        .text(".");
  }

  /** Percentage points of test accuracy per 1,000 parameters. */
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
    text.text("On training images, the " + model.name() + " network is ")
        .add(Value.decimal(Math.abs(100 * gap), 2, "derived/" + model.name() + "/gap"))
        .text(" points " + (gap < 0 ? "less" : "more") + " accurate than on test images")
        .add(meaning(model, gap))
        .text(". ");
  }

  /** What the curves say about a gap between train and test accuracy; may be empty. */
  private static Html meaning(ModelData model, double gap) {
    List<EpochRow> epochs = model.epochs();
    Html meaning = Html.of("span");
    if (epochs.size() <= LAST_EPOCHS) {
      return meaning;
    }
    EpochRow last = epochs.get(epochs.size() - 1);
    EpochRow lowest =
        epochs.stream()
            .filter(row -> row.testLoss() != null)
            .min(Comparator.comparingDouble(EpochRow::testLoss))
            .orElse(last);
    if (gap > LARGE_GAP
        && last.testLoss() != null
        && last.testLoss() > (1 + RISE) * lowest.testLoss()) {
      return meaning
          .text(", and its test loss has risen since epoch ")
          .add(Value.count(lowest.epoch(), "derived/" + model.name() + "/lowest_loss_epoch").html())
          .text(": it is overfitting");
    }
    EpochRow before = epochs.get(epochs.size() - 1 - LAST_EPOCHS);
    if (last.trainAccuracy() == null || before.trainAccuracy() == null) {
      return meaning;
    }
    double progress = last.trainAccuracy() - before.trainAccuracy();
    if (gap < SMALL_GAP) {
      return meaning
          .text(": it is not overfitting; a larger network or more epochs would help. The last ")
          .text(LAST_EPOCHS + " epochs changed its training accuracy by ")
          .add(Value.points(progress, "derived/" + model.name() + "/last_progress"))
          .text(" points");
    }
    return meaning;
  }
}
