package io.involution.config.training;

import io.involution.config.option.Choice;
import io.involution.config.option.Option;
import io.involution.config.value.EvaluationCadence;

/** When a model is evaluated while it is trained, and on which views of the images. */
public record EvaluationOptions(
    @Option(
            name = "evaluate-every",
            heading = "Evaluation",
            defaultValue = "1",
            label = "N|last",
            help = "Evaluate the test examples after every N epochs, or only after the last.",
            details =
                "After the last epoch they always are. The examples of --validation are evaluated"
                    + " after every epoch, since --patience and the best epoch need them.")
        EvaluationCadence cadence,
    @Option(
            name = "test-time",
            defaultValue = "none",
            help = "Evaluate each image by the mean over several views of it.",
            details =
                "flip: the image and its mirror image. flip-shift: these, with a weight of 1/2, and"
                    + " both shifted by one pixel, up and left and down and right. Logits are"
                    + " averaged. The accuracy of the images as they are is shown beside it."
                    + " predict, classify and saved models see images as they are.")
        TestTime testTime) {

  /** The views by which an image is evaluated. */
  public enum TestTime implements Choice {
    /** The image as it is. */
    NONE,
    /** The image and its mirror image. */
    FLIP,
    /** These, and both shifted by a pixel (Jordan 2024, airbench94's multi-crop evaluation). */
    FLIP_SHIFT
  }
}
