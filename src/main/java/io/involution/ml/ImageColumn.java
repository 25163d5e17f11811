package io.involution.ml;

import io.involution.data.ImageShape;
import io.involution.data.picture.DecodedPicture;
import io.involution.data.picture.PictureFile;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructType;

/**
 * A column of images in any of the ways in which tables store them.
 *
 * @param name the column
 * @param kind how it stores images
 * @param wanted the shape of its images; null for that of each
 */
record ImageColumn(String name, Kind kind, ImageShape wanted) implements Serializable {

  /** How a column stores images. */
  enum Kind {
    /** A struct of Spark's image data source. */
    STRUCT,
    /** A file, such as a PNG. */
    ENCODED,
    /** A vector of pixels. */
    VECTOR,
    /** An array of pixels. */
    ARRAY
  }

  /**
   * An image.
   *
   * @param shape its shape
   * @param pixels unsigned bytes, channel by channel, row by row
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Image(ImageShape shape, byte[] pixels) {}

  /**
   * A column of a type.
   *
   * @param wanted the shape of its images; empty for that of each
   * @throws IllegalArgumentException if it stores no images
   */
  static ImageColumn of(String name, DataType type, Optional<ImageShape> wanted) {
    Optional<Kind> kind = kind(type);
    if (kind.isEmpty()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "column %s is of type %s, and images are binary (a PNG or JPEG file), structs of"
                  + " Spark's image data source, or vectors or arrays of numbers",
              name,
              type.simpleString()));
    }
    boolean bare = kind.get() == Kind.VECTOR || kind.get() == Kind.ARRAY;
    if (bare && wanted.isEmpty()) {
      throw new IllegalArgumentException(
          "column " + name + " does not say how large its images are: set imageShape");
    }
    return new ImageColumn(name, kind.get(), wanted.orElse(null));
  }

  private static Optional<Kind> kind(DataType type) {
    if (type instanceof BinaryType) {
      return Optional.of(Kind.ENCODED);
    }
    if (type instanceof StructType struct
        && List.of(struct.fieldNames())
            .containsAll(List.of("height", "width", "nChannels", "data"))) {
      return Optional.of(Kind.STRUCT);
    }
    if (type instanceof ArrayType array && array.elementType() instanceof NumericType) {
      return Optional.of(Kind.ARRAY);
    }
    return type.equals(SQLDataTypes.VectorType()) ? Optional.of(Kind.VECTOR) : Optional.empty();
  }

  /**
   * Reads an image.
   *
   * @param row the row
   * @param at the column's index in it
   * @throws IllegalArgumentException if it is none, or of another shape
   */
  Image read(Row row, int at) {
    if (row.isNullAt(at)) {
      throw new IllegalArgumentException("column " + name + " has a row without an image");
    }
    return switch (kind) {
      case STRUCT -> struct(row.getStruct(at));
      case ENCODED -> encoded(row.getAs(at));
      case VECTOR -> pixels(row.<Vector>getAs(at).toArray());
      case ARRAY -> pixels(doubles(row.getList(at)));
    };
  }

  private Image encoded(byte[] file) {
    String place = "an image of column " + name;
    DecodedPicture picture = DecodedPicture.of(file, place);
    if (wanted == null && Math.max(picture.width(), picture.height()) > ImageShape.MOST_SIZE) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s has %d x %d pixels, more than 256 x 256: set imageShape to scale it down",
              place,
              picture.width(),
              picture.height()));
    }
    ImageShape shape =
        wanted == null ? new ImageShape(3, picture.height(), picture.width()) : wanted;
    return new Image(shape, PictureFile.pixels(picture, shape));
  }

  /** The bytes of OpenCV: row by row, the channels of a pixel side by side, blue before red. */
  private Image struct(Row row) {
    int height = row.<Integer>getAs("height");
    int width = row.<Integer>getAs("width");
    int channels = row.<Integer>getAs("nChannels");
    byte[] data = row.getAs("data");
    ImageShape shape = new ImageShape(channels, height, width);
    if (data.length != shape.pixels()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "an image of column %s of %s has %d bytes", name, shape, data.length));
    }
    requireShape(shape);
    byte[] pixels = new byte[data.length];
    for (int channel = 0; channel < channels; channel++) {
      int from = channels >= 3 && channel < 3 ? 2 - channel : channel;
      for (int i = 0; i < shape.plane(); i++) {
        pixels[channel * shape.plane() + i] = data[i * channels + from];
      }
    }
    return new Image(shape, pixels);
  }

  private void requireShape(ImageShape shape) {
    if (wanted != null && !wanted.equals(shape)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "an image of column %s is of %s instead of %s: only encoded images are scaled",
              name,
              shape,
              wanted));
    }
  }

  private static double[] doubles(List<?> elements) {
    double[] numbers = new double[elements.size()];
    for (int i = 0; i < numbers.length; i++) {
      Object element = elements.get(i);
      numbers[i] = element instanceof Number number ? number.doubleValue() : Double.NaN;
    }
    return numbers;
  }

  private Image pixels(double[] numbers) {
    ImageShape shape = wanted;
    if (numbers.length != shape.pixels()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "an image of column %s has %d numbers, and imageShape %s is %d",
              name,
              numbers.length,
              shape,
              shape.pixels()));
    }
    byte[] pixels = new byte[numbers.length];
    for (int i = 0; i < pixels.length; i++) {
      // NaN fails too.
      if (!(numbers[i] >= 0 && numbers[i] <= 255)) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "an image of column %s has a pixel of %s: use 0 to 255",
                name,
                numbers[i]));
      }
      pixels[i] = (byte) Math.round(numbers[i]);
    }
    return new Image(shape, pixels);
  }
}
