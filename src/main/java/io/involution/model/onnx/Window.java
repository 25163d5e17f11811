package io.involution.model.onnx;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeConvolutional;

/**
 * A window that moves over images.
 *
 * @param rows in the direction of the rows
 * @param columns in the direction of the columns
 */
record Window(Side rows, Side columns) {

  /**
   * One direction of it.
   *
   * @param size number of its rows or columns
   * @param stride rows or columns from one output to the next
   * @param dilation the same from one tap to the next
   * @param before padding at the top or left
   * @param after padding at the bottom or right
   */
  record Side(int size, int stride, int dilation, int before, int after) {
    private Side padded(int padding) {
      return new Side(size, stride, dilation, padding, padding);
    }

    private Side same(long image) {
      long reach = (size - 1L) * dilation + 1;
      long outputs = (image + stride - 1) / stride;
      int padding = Math.toIntExact(Math.max(0, (outputs - 1) * stride + reach - image));
      return new Side(size, stride, dilation, padding / 2, padding - padding / 2);
    }
  }

  /** A square window without padding. */
  static Window square(int size, int stride) {
    Side side = new Side(size, stride, 1, 0, 0);
    return new Window(side, side);
  }

  /** A window without padding; in every array rows come first. */
  static Window of(int[] size, int[] stride, int[] dilation) {
    return new Window(
        new Side(size[0], stride[0], dilation[0], 0, 0),
        new Side(size[1], stride[1], dilation[1], 0, 0));
  }

  /** The same with as much padding on both sides; that of the rows comes first. */
  Window padded(int[] padding) {
    return new Window(rows.padded(padding[0]), columns.padded(padding[1]));
  }

  /** The same with SAME padding, an odd rest of which is at the bottom and right. */
  Window same(InputTypeConvolutional images) {
    return new Window(rows.same(images.getHeight()), columns.same(images.getWidth()));
  }

  /** Whether its taps are apart. */
  boolean isDilated() {
    return rows.dilation != 1 || columns.dilation != 1;
  }

  /** The attributes of a convolution or pooling node. */
  List<Attribute> attributes() {
    List<Attribute> attributes =
        new ArrayList<>(
            List.of(
                Attribute.list("kernel_shape", rows.size, columns.size),
                Attribute.list("strides", rows.stride, columns.stride),
                Attribute.list("pads", rows.before, columns.before, rows.after, columns.after)));
    if (isDilated()) {
      attributes.add(Attribute.list("dilations", rows.dilation, columns.dilation));
    }
    return attributes;
  }
}
