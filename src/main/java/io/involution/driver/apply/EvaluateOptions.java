package io.involution.driver.apply;

import io.involution.config.DeviceChoice;
import io.involution.config.ExampleOptions;
import io.involution.config.OutputOptions;
import io.involution.config.ReportOptions;
import io.involution.config.TrainOptions;
import io.involution.config.training.EvaluationOptions.TestTime;
import io.involution.failure.InputException;
import io.involution.failure.Places;
import io.involution.files.UserPath;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * The evaluate command's options, checked.
 *
 * @param model a model.zip, its folder, or the folder of a run
 * @param data where the examples are
 * @param examples how data of other kinds is read
 * @param device the device that workers compute on
 * @param workers number of workers; empty for the number of task slots
 * @param testLimit number of test examples; empty for all
 * @param waitForSlots maximum seconds to wait for task slots
 * @param testTime the views by which an image is evaluated
 * @param report what the report shows besides the metrics
 * @param output the evaluation's folder
 * @param recorded every option for run.json, by name, without secrets
 */
public record EvaluateOptions(
    String model,
    String data,
    ExampleOptions examples,
    DeviceChoice device,
    Optional<Integer> workers,
    Optional<Integer> testLimit,
    int waitForSlots,
    TestTime testTime,
    ReportOptions report,
    OutputOptions output,
    Map<String, Object> recorded) {

  /**
   * Checks that the output is not a folder that holds the model.
   *
   * @param file a model file
   * @param hadoop settings of the file systems
   * @throws InputException if it is
   */
  void requireModelElsewhere(String file, Configuration hadoop) {
    output
        .out()
        .filter(out -> UserPath.isWithin(file, out, hadoop))
        .ifPresent(
            out -> {
              throw new InputException(
                  String.format(
                      Locale.ROOT,
                      "--out %s contains the model itself: name another folder",
                      Places.shown(out)));
            });
  }

  /** Takes the options that evaluate shares with the train command. */
  public static EvaluateOptions of(
      String model, TrainOptions options, Map<String, Object> recorded) {
    return new EvaluateOptions(
        model,
        options.data(),
        options.examples(),
        options.cluster().device(),
        options.cluster().workers(),
        options.testLimit(),
        options.cluster().waitForSlots(),
        options.evaluation().testTime(),
        options.report(),
        options.output(),
        recorded);
  }

  /** The options for run.json. */
  Map<String, Object> shown(String out) {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("model", Places.shown(model));
    shown.putAll(recorded);
    shown.put("out", out);
    return shown;
  }
}
