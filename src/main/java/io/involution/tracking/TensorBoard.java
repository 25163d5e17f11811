package io.involution.tracking;

import io.involution.failure.Places;
import io.involution.failure.RunFailedException;
import io.involution.metrics.EpochRow;
import io.involution.run.RunFolder;
import io.involution.train.EpochOutcome;
import io.involution.train.Journal;
import io.involution.train.RoundOutcome;
import io.involution.train.time.Round;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import javax.imageio.ImageIO;

/**
 * One network's event files, {@code tensorboard/MODEL/}: one file per epoch, because files on an
 * object store cannot be appended to. TensorBoard reads them in the order of their names. If a file
 * cannot be written, a warning is printed and training continues.
 */
public final class TensorBoard implements Journal {
  private final RunFolder folder;
  private final String model;
  private final String path;
  private final Consumer<String> warnings;
  private boolean warned;

  /**
   * The event files of one network of a run.
   *
   * @param warnings receives one message if a file cannot be written
   */
  public TensorBoard(RunFolder folder, String model, Consumer<String> warnings) {
    this.folder = folder;
    this.model = model;
    this.path = "tensorboard/" + model + "/";
    this.warnings = warnings;
  }

  @Override
  public void roundEnded(Round round, RoundOutcome outcome) {}

  @Override
  public void epochEnded(EpochOutcome outcome) {
    EventFile events =
        new EventFile(now(), outcome.epoch())
            .scalar("seconds/rounds", outcome.roundSeconds())
            .scalar("seconds/evaluation", outcome.evaluateSeconds());
    EpochMetrics.of(EpochRow.of(model, outcome))
        .forEach((name, value) -> events.scalar(tag(name), value));
    write(outcome.epoch(), events);
  }

  /**
   * Adds images at the end of training.
   *
   * @param epochs number of epochs
   * @param pictures PNG files by tag
   */
  public void images(int epochs, Map<String, byte[]> pictures) {
    EventFile events = new EventFile(now(), epochs);
    pictures.forEach(
        (tag, png) -> {
          try {
            var image = ImageIO.read(new ByteArrayInputStream(png));
            events.image(tag, png, image.getWidth(), image.getHeight());
          } catch (IOException e) {
            throw new UncheckedIOException("reading from memory failed", e);
          }
        });
    write(epochs + 1, events);
  }

  private void write(int number, EventFile events) {
    try {
      folder.write(
          path + String.format(Locale.ROOT, "events.out.tfevents.%010d.involution", number),
          events.bytes());
    } catch (RunFailedException e) {
      if (!warned) {
        warned = true;
        warnings.accept("warning: no event files for TensorBoard: " + Places.reason(e));
      }
    }
  }

  /** TensorBoard groups charts by the word before the slash, such as accuracy or loss. */
  static String tag(String name) {
    return name.replaceAll("^((?:plain_)?test|train|validation)_(.*)$", "$2/$1");
  }

  private static double now() {
    return System.currentTimeMillis() / 1e3;
  }
}
