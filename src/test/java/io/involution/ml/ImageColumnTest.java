package io.involution.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.involution.data.ImageShape;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.apache.spark.ml.image.ImageSchema;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;

class ImageColumnTest {
  private static final ImageShape SMALL = new ImageShape(3, 1, 2);
  private static final byte[] EXPECTED = {10, 40, 20, 50, 30, 60};

  private static ImageColumn column(DataType type, ImageShape shape) {
    return ImageColumn.of("image", type, Optional.ofNullable(shape));
  }

  private static ImageColumn.Image read(DataType type, ImageShape shape, Object value) {
    return column(type, shape).read(RowFactory.create(value), 0);
  }

  /** Two pixels: red 10, green 20, blue 30, and 40, 50, 60. */
  private static byte[] png() throws IOException {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, 0x0a141e);
    image.setRGB(1, 0, 0x28323c);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "png", bytes);
    return bytes.toByteArray();
  }

  @Test
  void everyWayOfStoringAnImageGivesItsPixelsChannelByChannel() throws IOException {
    Row struct = RowFactory.create("file", 1, 2, 3, 16, new byte[] {30, 20, 10, 60, 50, 40});

    for (ImageColumn.Image image :
        List.of(
            read(DataTypes.BinaryType, null, png()),
            read(ImageSchema.columnSchema(), null, withSchema(struct)),
            read(SQLDataTypes.VectorType(), SMALL, Vectors.dense(10, 40, 20, 50, 30, 60)),
            read(DataTypes.createArrayType(DataTypes.IntegerType), SMALL, array()))) {
      assertThat(image.shape()).isEqualTo(SMALL);
      assertThat(image.pixels()).isEqualTo(EXPECTED);
    }
    assertThat(read(DataTypes.BinaryType, new ImageShape(1, 4, 8), png()).pixels()).hasSize(32);
  }

  private static Row withSchema(Row row) {
    Object[] values = new Object[row.length()];
    for (int i = 0; i < values.length; i++) {
      values[i] = row.get(i);
    }
    return new org.apache.spark.sql.catalyst.expressions.GenericRowWithSchema(
        values, ImageSchema.columnSchema());
  }

  private static Object array() {
    return scala.jdk.javaapi.CollectionConverters.asScala(List.of(10, 40, 20, 50, 30, 60)).toSeq();
  }

  @Test
  void whatIsNoImageIsNamed() {
    assertThatThrownBy(() -> column(DataTypes.StringType, null))
        .hasMessageStartingWith("column image is of type string, and images are binary");
    assertThatThrownBy(() -> column(SQLDataTypes.VectorType(), null))
        .hasMessage("column image does not say how large its images are: set imageShape");
    assertThatThrownBy(() -> read(DataTypes.BinaryType, null, null))
        .hasMessage("column image has a row without an image");
    assertThatThrownBy(() -> read(DataTypes.BinaryType, null, new byte[] {1, 2}))
        .hasMessageContaining("an image of column image is not a readable image");
    assertThatThrownBy(
            () -> read(SQLDataTypes.VectorType(), SMALL, Vectors.dense(1, 2, 3, 4, 5, 256)))
        .hasMessage("an image of column image has a pixel of 256.0: use 0 to 255");
    Row struct = withSchema(RowFactory.create("file", 2, 2, 3, 16, new byte[5]));
    assertThatThrownBy(() -> read(ImageSchema.columnSchema(), null, struct))
        .hasMessage("an image of column image of 3 x 2 x 2 has 5 bytes");
    Row other = withSchema(RowFactory.create("file", 2, 2, 1, 0, new byte[4]));
    assertThatThrownBy(() -> read(ImageSchema.columnSchema(), SMALL, other))
        .hasMessageContaining("of 1 x 2 x 2 instead of 3 x 1 x 2: only encoded images are scaled");
  }
}
