package io.involution.bench;

import io.involution.bench.contender.BenchData;
import io.involution.data.ImageShape;
import io.involution.data.Shard;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** A Parquet table of eight files that has each image raw and as a PNG file. */
final class ClassifyTable {
  private static final ImageShape IMAGE = ImageShape.CIFAR10;

  private ClassifyTable() {}

  /**
   * Writes it.
   *
   * @param images number of rows; the images of a minibatch, again and again
   */
  static void write(Path table, int images) throws IOException {
    Shard shard = new BenchData(ForwardPasses.BATCH).shard();
    StructType type =
        new StructType()
            .add("id", DataTypes.LongType)
            .add("image", DataTypes.BinaryType)
            .add("png", DataTypes.BinaryType)
            .add("height", DataTypes.IntegerType)
            .add("width", DataTypes.IntegerType);
    List<Row> rows = new ArrayList<>();
    for (int example = 0; example < shard.size(); example++) {
      byte[] raw = raw(shard, example);
      rows.add(RowFactory.create((long) example, raw, png(raw), IMAGE.height(), IMAGE.width()));
    }
    SparkSession spark = SparkSession.builder().getOrCreate();
    spark
        .createDataFrame(rows, type)
        .crossJoin(spark.range(images / shard.size() + 1).toDF("copy"))
        .limit(images)
        .selectExpr("copy * " + shard.size() + " + id AS id", "image", "png", "height", "width")
        .repartition(8)
        .write()
        .mode("overwrite")
        .parquet(table.toString());
  }

  private static byte[] raw(Shard shard, int example) {
    byte[] pixels = new byte[IMAGE.pixels()];
    for (int at = 0; at < pixels.length; at++) {
      int place = at % IMAGE.channels() * IMAGE.plane() + at / IMAGE.channels();
      pixels[at] = shard.pixels()[shard.offset(example) + place];
    }
    return pixels;
  }

  private static byte[] png(byte[] raw) throws IOException {
    BufferedImage image =
        new BufferedImage(IMAGE.width(), IMAGE.height(), BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < IMAGE.plane(); i++) {
      int rgb =
          ((raw[3 * i] & 0xff) << 16) | ((raw[3 * i + 1] & 0xff) << 8) | (raw[3 * i + 2] & 0xff);
      image.setRGB(i % IMAGE.width(), i / IMAGE.width(), rgb);
    }
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(image, "png", png);
    return png.toByteArray();
  }
}
