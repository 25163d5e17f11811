package io.involution.model.onnx;

import java.util.List;

/**
 * What an ONNX file says about its network, besides the graph.
 *
 * @param network the network's name
 * @param shape an image's channels, rows and columns
 * @param classes the classes, in label order
 * @param mean of each channel of the images, pixel / 255; subtracted by the graph
 * @param deviation standard deviation of each channel; the graph divides by it
 * @param jobVersion version of this job
 */
public record Exported(
    String network,
    List<Long> shape,
    List<String> classes,
    List<Double> mean,
    List<Double> deviation,
    String jobVersion) {

  /** Checks the sizes and copies the lists. */
  public Exported {
    shape = List.copyOf(shape);
    classes = List.copyOf(classes);
    mean = List.copyOf(mean);
    deviation = List.copyOf(deviation);
    if (shape.size() != 3 || mean.size() != shape.get(0) || deviation.size() != shape.get(0)) {
      throw new IllegalArgumentException("images of " + shape + ", normalized by " + mean);
    }
  }

  /** The input's sizes without the batch. */
  long[] sizes() {
    return shape.stream().mapToLong(Long::longValue).toArray();
  }

  /** Whether the graph has to change the images at all. */
  boolean normalizes() {
    return !mean.stream().allMatch(value -> value == 0)
        || !deviation.stream().allMatch(value -> value == 1);
  }
}
