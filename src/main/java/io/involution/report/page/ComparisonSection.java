package io.involution.report.page;

import io.involution.report.page.ComparisonTable.Better;
import io.involution.report.run.ReferenceRun;
import io.involution.report.run.RunData;
import java.util.Optional;

/** All metrics of the networks side by side, compared with the reference run. */
final class ComparisonSection {
  private final RunData run;
  private final ComparisonTable table;

  ComparisonSection(RunData run) {
    this.run = run;
    this.table = new ComparisonTable(run);
  }

  Html html() {
    quality();
    counts();
    costs();
    return Section.of(
        "comparison",
        "Side by side",
        (run.models().stream().anyMatch(model -> ReferenceRun.of(run, model).isPresent())
                ? "In small print: the reference run (one machine, seed 42, 20 epochs) and the"
                    + " difference from it. "
                : "")
            + "Losses are average cross-entropies in nats. Train metrics are running averages over"
            + " the last epoch's minibatches.",
        table.html());
  }

  private void quality() {
    table.shares("Test accuracy", "/test_accuracy", ReferenceRun::testAccuracy);
    table.plain("Top-5 test accuracy", "/test_top5_accuracy", Better.HIGHER, Value::percent);
    table.plain(
        "Test accuracy of images as they are",
        "/plain_test_accuracy",
        Better.HIGHER,
        Value::percent);
    table.losses("Test loss", "/test_loss", ReferenceRun::testLoss);
    table.shares("Train accuracy", "/train_accuracy", ReferenceRun::trainAccuracy);
    table.losses("Train loss", "/train_loss", reference -> null);
    table.plain(
        "Best epoch by validation accuracy",
        "/best_epoch",
        Better.NEITHER,
        (epoch, from) -> Value.epoch(epoch, run, from));
    table.plain(
        "Validation accuracy of that epoch", "/validation_accuracy", Better.HIGHER, Value::percent);
    table.plain(
        "Test accuracy of that epoch", "/best_epoch_test_accuracy", Better.HIGHER, Value::percent);
  }

  private void counts() {
    table.parameters("Trainable parameters", "/parameters/trainable", ReferenceRun::trainable);
    table.parameters(
        "Non-trainable parameters", "/parameters/non_trainable", ReferenceRun::nonTrainable);
    table.derived(
        "Optimizer state entries",
        model ->
            model
                .artifacts()
                .network()
                .map(
                    network ->
                        Value.count(
                            network.optimizer(),
                            model.name() + "/artifacts/network.json#/optimizer")));
    table.derived(
        "Accuracy points per 1,000 parameters",
        model ->
            Optional.of(
                Value.decimal(
                    Verdict.density(model),
                    3,
                    "derived/" + model.name() + "/points_per_thousand_parameters")));
    table.derived(
        "Operations per image (forward pass)",
        model ->
            Optional.of(
                Value.operations(model.operations(), "derived/" + model.name() + "/flops")));
  }

  private void costs() {
    table.plain("Training images per second", "/examples_per_second", Better.HIGHER, Value::count);
    table.plain("Training time", "/seconds", Better.LOWER, Value::duration);
    table.derived(
        "Time to the best test accuracy",
        model ->
            model
                .best()
                .map(
                    best ->
                        Value.duration(
                            model.secondsUntil(best.epoch()),
                            "derived/" + model.name() + "/seconds_to_best")));
  }
}
