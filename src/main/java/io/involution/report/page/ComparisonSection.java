package io.involution.report.page;

import io.involution.report.page.ComparisonTable.Better;
import io.involution.report.run.Layers;
import io.involution.report.run.ModelData;
import io.involution.report.run.ReferenceRun;
import io.involution.report.run.RunData;
import java.util.Optional;

/** All figures of the networks side by side, with the reference run's and the difference. */
final class ComparisonSection {
  private final ComparisonTable table;

  ComparisonSection(RunData run) {
    this.table = new ComparisonTable(run.models());
  }

  Html html() {
    quality();
    counts();
    costs();
    return Section.of(
        "comparison",
        "Side by side",
        "Small print: the reference run's figure (one machine, seed 42, 20 epochs) and how far this"
            + " run is from it. Losses are mean cross-entropies in nats. Train figures are running"
            + " means over the last epoch's minibatches.",
        table.html());
  }

  private void quality() {
    table.shares("Test accuracy", "/test_accuracy", ReferenceRun::testAccuracy);
    table.losses("Test loss", "/test_loss", ReferenceRun::testLoss);
    table.shares("Train accuracy", "/train_accuracy", ReferenceRun::trainAccuracy);
    table.losses("Train loss", "/train_loss", reference -> null);
    table.plain("Best epoch by validation", "/best_epoch", Better.NEITHER, Figure::count);
    table.plain("Its validation accuracy", "/validation_accuracy", Better.HIGHER, Figure::percent);
    table.plain("Its test accuracy", "/best_epoch_test_accuracy", Better.HIGHER, Figure::percent);
  }

  private void counts() {
    table.parameters("Trainable parameters", "/parameters/trainable", ReferenceRun::trainable);
    table.parameters(
        "Non-trainable parameters", "/parameters/non_trainable", ReferenceRun::nonTrainable);
    table.derived(
        "Optimizer's entries",
        model ->
            model
                .artifacts()
                .layers()
                .map(
                    layers ->
                        Figure.count(
                            layers.optimizer(),
                            model.name() + "/artifacts/network.json#/optimizer")));
    table.derived(
        "Accuracy points per 1,000 parameters",
        model ->
            Optional.of(
                Figure.decimal(
                    Verdict.density(model),
                    3,
                    "derived/" + model.name() + "/points_per_thousand_parameters")));
    table.derived(
        "Operations per image (forward pass)",
        model -> model.artifacts().layers().map(layers -> operations(model, layers)));
  }

  private static Figure operations(ModelData model, Layers layers) {
    return Figure.operations((double) layers.flops(), "derived/" + model.name() + "/flops");
  }

  private void costs() {
    table.plain("Training images per second", "/examples_per_second", Better.HIGHER, Figure::count);
    table.plain("Time of training", "/seconds", Better.LOWER, Figure::duration);
    table.derived(
        "Time to the best test accuracy",
        model ->
            model
                .best()
                .map(
                    best ->
                        Figure.duration(
                            model.secondsUntil(best.epoch()),
                            "derived/" + model.name() + "/seconds_to_best")));
  }
}
