package io.involution.spark.examples;

import io.involution.data.ImageShape;
import io.involution.data.Shard;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.BiConsumer;
import javax.imageio.ImageIO;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** The same examples as folders of images and as Parquet files. */
public final class ImageFiles {
  private ImageFiles() {}

  /** Writes each example as a PNG file below the folder of its class. */
  public static void folder(Path folder, Shard examples) {
    for (int i = 0; i < examples.size(); i++) {
      write(
          folder.resolve(className(examples.label(i)) + "/" + number(i) + ".png"),
          png(examples, i));
    }
  }

  /** The name of a class, which sorts by its label. */
  public static String className(int label) {
    return String.format(Locale.ROOT, "c%04d", label);
  }

  private static String number(int example) {
    return String.format(Locale.ROOT, "%06d", example);
  }

  /** Writes a file, and the folders above it. */
  public static void write(Path file, byte[] bytes) {
    try {
      Files.createDirectories(file.getParent());
      Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An example of three channels as a PNG file. */
  public static byte[] png(Shard examples, int example) {
    ImageShape shape = examples.image();
    BufferedImage image =
        new BufferedImage(shape.width(), shape.height(), BufferedImage.TYPE_INT_RGB);
    byte[] raw = interleaved(examples, example);
    for (int i = 0; i < shape.plane(); i++) {
      int rgb =
          ((raw[3 * i] & 0xff) << 16) | ((raw[3 * i + 1] & 0xff) << 8) | (raw[3 * i + 2] & 0xff);
      image.setRGB(i % shape.width(), i / shape.width(), rgb);
    }
    return png(image);
  }

  /** An image as a PNG file. */
  public static byte[] png(BufferedImage image) {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", png);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return png.toByteArray();
  }

  private static byte[] interleaved(Shard examples, int example) {
    ImageShape shape = examples.image();
    byte[] raw = new byte[shape.pixels()];
    for (int channel = 0; channel < shape.channels(); channel++) {
      for (int i = 0; i < shape.plane(); i++) {
        raw[i * shape.channels() + channel] =
            examples.pixels()[examples.offset(example) + channel * shape.plane() + i];
      }
    }
    return raw;
  }

  /**
   * Writes a table with the columns place, label, name, picture (a PNG file), raw, height and
   * width.
   *
   * @param from the first example of the file
   * @param to the example after its last
   */
  public static void parquet(Path file, Shard examples, int from, int to) {
    String columns =
        "message m { required int64 place; required int32 label; required binary name (UTF8);"
            + " required binary picture; required binary raw; required int32 height;"
            + " required int32 width; }";
    table(
        file,
        columns,
        to - from,
        (row, i) -> {
          int example = from + i;
          row.add("place", (long) example);
          row.add("label", examples.label(example));
          row.add("name", className(examples.label(example)));
          row.add("picture", Binary.fromConstantByteArray(png(examples, example)));
          row.add("raw", Binary.fromConstantByteArray(interleaved(examples, example)));
          row.add("height", examples.image().height());
          row.add("width", examples.image().width());
        });
  }

  /**
   * Writes a table of raw images without labels: place, raw, height, width. Each has an example's
   * pixels, one after the other.
   */
  public static void classifiable(Path file, Shard examples, long from, long to) {
    table(
        file,
        "message m { required int64 place; required binary raw; required int32 height;"
            + " required int32 width; }",
        Math.toIntExact(to - from),
        (row, i) -> {
          int example = (int) ((from + i) % examples.size());
          row.add("place", from + i);
          row.add("raw", Binary.fromConstantByteArray(interleaved(examples, example)));
          row.add("height", examples.image().height());
          row.add("width", examples.image().width());
        });
  }

  /** Writes a table of other columns. */
  public static void table(
      Path file, String columns, int rows, BiConsumer<Group, Integer> content) {
    MessageType type = MessageTypeParser.parseMessageType(columns);
    SimpleGroupFactory groups = new SimpleGroupFactory(type);
    try {
      Files.createDirectories(file.getParent());
      try (ParquetWriter<Group> writer =
          ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(file.toUri()))
              .withConf(new Configuration(false))
              .withType(type)
              .build()) {
        for (int row = 0; row < rows; row++) {
          Group group = groups.newGroup();
          content.accept(group, row);
          writer.write(group);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
