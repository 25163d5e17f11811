package io.involution.driver.apply;

import io.involution.config.DeviceChoice;
import io.involution.config.OutputOptions;
import io.involution.config.ReportOptions;
import io.involution.config.TrainOptions;
import io.involution.driver.input.SavedModel;
import io.involution.failure.InputException;
import io.involution.failure.Places;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The evaluate command's options, checked.
 *
 * @param model a model.zip, or the folder that holds it
 * @param data where the examples are
 * @param device what workers compute on
 * @param workers number of workers; empty: the task slots
 * @param testLimit first so many test examples only
 * @param waitForSlots seconds to wait for task slots
 * @param report what is drawn beside the figures
 * @param output where the evaluation's folder goes
 */
public record EvaluateOptions(
    String model,
    String data,
    DeviceChoice device,
    Optional<Integer> workers,
    Optional<Integer> testLimit,
    int waitForSlots,
    ReportOptions report,
    OutputOptions output) {

  /** Checks that the model's own folder stays as it is. */
  public EvaluateOptions {
    String file = SavedModel.file(model);
    output
        .out()
        .filter(out -> file.startsWith(out.replaceAll("/+$", "") + "/"))
        .ifPresent(
            out -> {
              throw new InputException(
                  "--out %s holds the model itself: name another folder"
                      .formatted(Places.shown(out)));
            });
  }

  /** Those of a command that takes some of the train command's options. */
  public static EvaluateOptions of(String model, TrainOptions options) {
    return new EvaluateOptions(
        model,
        options.data(),
        options.device(),
        options.workers(),
        options.testLimit(),
        options.waitForSlots(),
        options.report(),
        options.output());
  }

  /** The options as run.json shows them: what was asked for, without secrets. */
  Map<String, Object> shown(String out) {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("model", Places.shown(model));
    shown.put("data", Places.shown(data));
    shown.put("out", out);
    shown.put("device", device.word());
    shown.put("workers", workers.orElse(null));
    shown.put("test_limit", testLimit.orElse(null));
    shown.put("images", report.images());
    return shown;
  }
}
