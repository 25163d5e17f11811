package io.involution.cli;

import io.involution.config.AtLeast;
import io.involution.data.DataSchema;
import io.involution.data.ImageShape;
import io.involution.failure.InputException;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Option;

/** For what data a network is described that nobody has read. */
final class SchemaFlags {
  private static final int SIDES = 3;

  @Option(
      names = "--image-shape",
      split = ",",
      paramLabel = "N",
      description = "Channels, height and width of the images. Default: 3,32,32, as in CIFAR-10.")
  private List<Integer> shape;

  @Option(
      names = "--classes",
      paramLabel = "N",
      description = "Number of classes. Default: 10, as in CIFAR-10.")
  private Integer classes;

  /**
   * The images and classes.
   *
   * @throws InputException if there can be none like that
   */
  DataSchema schema() {
    if (shape == null && classes == null) {
      return DataSchema.CIFAR10;
    }
    int count = classes == null ? DataSchema.CIFAR10.classCount() : classes;
    AtLeast.require("--classes", count, 2);
    if (count > DataSchema.MOST_CLASSES) {
      throw new InputException(
          String.format(
              Locale.ROOT, "--classes is %d: use at most %d", count, DataSchema.MOST_CLASSES));
    }
    return new DataSchema(image(), DataSchema.numbered(count));
  }

  private ImageShape image() {
    if (shape == null) {
      return ImageShape.CIFAR10;
    }
    if (shape.size() != SIDES) {
      throw new InputException(
          "--image-shape has "
              + shape.size()
              + " numbers: use channels, height and width, such as 3,64,64");
    }
    try {
      return new ImageShape(shape.get(0), shape.get(1), shape.get(2));
    } catch (IllegalArgumentException e) {
      throw new InputException(
          "--image-shape makes "
              + e.getMessage()
              + ": use 1 to 4 channels and at most 256 x 256 pixels",
          e);
    }
  }
}
