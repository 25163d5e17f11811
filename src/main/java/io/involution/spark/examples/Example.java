package io.involution.spark.examples;

import io.involution.data.ImageShape;
import io.involution.data.Subset;
import java.io.Serializable;

/** An example on its way from the data to its shard, or why there is none. */
final class Example implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Subset subset;
  private final String name;
  private final String fault;
  private final boolean refused;
  private final ExampleKey key;
  private final int label;
  private final ImageShape shape;
  private final byte[] pixels;

  private Example(Subset subset, String name, ExampleKey key, int label, Image image) {
    this.subset = subset;
    this.name = name;
    this.fault = null;
    this.refused = false;
    this.key = key;
    this.label = label;
    this.shape = image.shape;
    this.pixels = image.pixels;
  }

  private Example(String name, String fault, boolean refused) {
    this.subset = Subset.TRAIN;
    this.name = name;
    this.fault = fault;
    this.refused = refused;
    this.key = null;
    this.label = -1;
    this.shape = null;
    this.pixels = null;
  }

  /** An image that has been decoded. */
  static final class Image {
    private final ImageShape shape;
    private final byte[] pixels;

    /**
     * Wraps pixels.
     *
     * @param pixels the channels' planes; kept, not copied
     */
    Image(ImageShape shape, byte[] pixels) {
      this.shape = shape;
      this.pixels = pixels;
    }

    ImageShape shape() {
      return shape;
    }

    byte[] pixels() {
      return pixels;
    }
  }

  /**
   * An example.
   *
   * @param name what people call it, for messages
   * @param order its place, see {@link ExampleKey}
   */
  static Example of(Subset subset, String name, byte[] order, int label, Image image) {
    byte[] content = ContentDigest.of(label, image);
    return new Example(subset, name, new ExampleKey(order, content), label, image);
  }

  /** An image that cannot be read. */
  static Example unreadable(String name, String fault) {
    return new Example(name, fault, false);
  }

  /**
   * What is wrong with the data, whatever is done with unreadable images. It is returned like an
   * example: if the task threw an exception, Spark would try it three times more.
   */
  static Example refused(String name, String fault) {
    return new Example(name, fault, true);
  }

  /** The same example in another subset. */
  Example in(Subset other) {
    return new Example(other, name, key, label, new Image(shape, pixels));
  }

  boolean isIn(Subset wanted) {
    return fault == null && subset == wanted;
  }

  Subset subset() {
    return subset;
  }

  String name() {
    return name;
  }

  String fault() {
    return fault;
  }

  boolean isRefused() {
    return refused;
  }

  ExampleKey key() {
    return key;
  }

  int label() {
    return label;
  }

  ImageShape shape() {
    return shape;
  }

  byte[] pixels() {
    return pixels;
  }
}
