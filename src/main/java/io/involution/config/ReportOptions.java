package io.involution.config;

import static io.involution.config.option.Option.Effect.OUTPUTS;

import io.involution.config.option.Option;
import io.involution.config.value.WebAddress;
import io.involution.failure.InputException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Reports and trackers of a run, in addition to its files. */
public record ReportOptions(
    @Option(
            defaultValue = "false",
            effect = OUTPUTS,
            help = "Write event files for TensorBoard to tensorboard/ in --out.")
        boolean tensorboard,
    @Option(
            defaultValue = "",
            byDefault = "none",
            label = "URI",
            effect = OUTPUTS,
            help = "Log the run to this MLflow tracking server, such as http://host:5000.",
            details =
                "Credentials are read from MLFLOW_TRACKING_TOKEN, or _USERNAME and _PASSWORD.")
        Optional<String> mlflow,
    @Option(
            defaultValue = "",
            byDefault = "only the first 10",
            label = "N,N...",
            effect = OUTPUTS,
            help = "Also draw the kernels of these test images, by number from 0.")
        List<Integer> images) {

  private static final int MOST_IMAGES = 100;

  /** Checks the address and the number of images. */
  public ReportOptions {
    mlflow.ifPresent(ReportOptions::check);
    if (images.size() > MOST_IMAGES) {
      throw new InputException(
          "--images names " + images.size() + " images: name " + MOST_IMAGES + " at most");
    }
    images = images.stream().distinct().sorted().toList();
  }

  /**
   * Parses the indices in a list such as {@code 3,17,105}, which may be empty.
   *
   * @throws InputException naming an entry that is not an index
   */
  public static List<Integer> images(String list) {
    return Arrays.stream(list.split(","))
        .map(String::strip)
        .filter(word -> !word.isEmpty())
        .map(ReportOptions::image)
        .toList();
  }

  private static int image(String word) {
    try {
      int index = Integer.parseInt(word);
      if (index >= 0) {
        return index;
      }
    } catch (NumberFormatException e) {
      // Reported below, like negative numbers.
    }
    throw new InputException(
        "--images has '" + word + "': name test images by number from 0, such as 3,17");
  }

  /** No message has the address: it may contain a password. */
  private static void check(String address) {
    WebAddress server =
        WebAddress.parse(address)
            .orElseThrow(
                () ->
                    new InputException(
                        "--mlflow is not an http or https address: use that of the tracking"
                            + " server, such as http://host:5000"));
    if (server.hasUnderscore() && server.scheme().equals("https")) {
      throw new InputException(
          "--mlflow: Java makes no https connection to a host whose name has an underscore: use"
              + " another name of it, or http");
    }
  }
}
