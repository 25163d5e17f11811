package io.involution.layers;

import io.involution.layers.involution.GroupOrder;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The involution straight from its definition, scalar by scalar, shared with no other code. */
final class PlainInvolution {
  final Tape tape = new Tape();
  final int[] inputs;
  final int[] parameters;
  final int[] outputs;
  final int[] kernels;
  final double[] batchMean;
  final double[] batchVariance;

  private final Involution conf;
  private final int batch;
  private final int channels;
  private final int height;
  private final int width;
  private final int rows;
  private final int columns;
  private final int reduced;
  private final int groups;
  private final int kernel;
  private final int stride;

  PlainInvolution(Involution conf, INDArray input, INDArray vector, boolean training) {
    this.conf = conf;
    batch = (int) input.size(0);
    channels = (int) input.size(1);
    height = (int) input.size(2);
    width = (int) input.size(3);
    kernel = conf.getKernelSize();
    stride = conf.getStride();
    groups = conf.getGroups();
    reduced = Math.max(1, conf.getChannel() / conf.getReductionRatio());
    rows = (int) Math.ceil(height / (double) stride);
    columns = (int) Math.ceil(width / (double) stride);
    batchMean = new double[reduced];
    batchVariance = new double[reduced];
    inputs = leaves(input);
    parameters = leaves(vector);
    int[][] normalized = normalized(training);
    kernels = kernels(normalized);
    outputs = finish(involve());
  }

  private int[] leaves(INDArray array) {
    int[] nodes = new int[(int) array.length()];
    for (int i = 0; i < nodes.length; i++) {
      nodes[i] = tape.leaf(array.getDouble(i));
    }
    return nodes;
  }

  private int sum(int so, int more) {
    return so < 0 ? more : tape.add(so, more);
  }

  private static int before(int size, int outSize, int window, int stride) {
    return Math.max(0, (outSize - 1) * stride + window - size) / 2;
  }

  /** Mean over the part of an s x s window that lies in the image. */
  private int averaged(int n, int c, int y, int x) {
    int top = y * stride - before(height, rows, stride, stride);
    int start = x * stride - before(width, columns, stride, stride);
    int total = -1;
    int count = 0;
    for (int i = Math.max(0, top); i < Math.min(height, top + stride); i++) {
      for (int j = Math.max(0, start); j < Math.min(width, start + stride); j++) {
        total = sum(total, inputs[((n * channels + c) * height + i) * width + j]);
        count++;
      }
    }
    return tape.scale(total, 1.0 / count);
  }

  private int[][] normalized(boolean training) {
    int places = batch * rows * columns;
    int bias = reduced * channels;
    int[][] result = new int[reduced][places];
    for (int r = 0; r < reduced; r++) {
      for (int place = 0; place < places; place++) {
        int n = place / (rows * columns);
        int y = place / columns % rows;
        int so = parameters[bias + r];
        for (int c = 0; c < channels; c++) {
          int pixel = averaged(n, c, y, place % columns);
          so = tape.add(so, tape.multiply(parameters[r * channels + c], pixel));
        }
        result[r][place] = so;
      }
      normalize(result[r], r, bias, training);
    }
    return result;
  }

  private void normalize(int[] values, int r, int bias, boolean training) {
    int mean = -1;
    int variance = -1;
    for (int value : values) {
      mean = sum(mean, value);
    }
    mean = tape.scale(mean, 1.0 / values.length);
    for (int value : values) {
      int deviation = tape.subtract(value, mean);
      variance = sum(variance, tape.multiply(deviation, deviation));
    }
    variance = tape.scale(variance, 1.0 / values.length);
    batchMean[r] = tape.value(mean);
    batchVariance[r] = tape.value(variance);
    if (!training) {
      mean = parameters[bias + 3 * reduced + r];
      variance = parameters[bias + 4 * reduced + r];
    }
    int root = tape.inverseRoot(variance, 1e-3);
    for (int i = 0; i < values.length; i++) {
      int normal = tape.multiply(tape.subtract(values[i], mean), root);
      int scaled = tape.multiply(normal, parameters[bias + reduced + r]);
      values[i] = tape.relu(tape.add(scaled, parameters[bias + 2 * reduced + r]));
    }
  }

  private int[] kernels(int[][] normalized) {
    int size = kernel * kernel * groups;
    int places = rows * columns;
    int weights = reduced * channels + 5 * reduced;
    int[] result = new int[batch * size * places];
    for (int i = 0; i < result.length; i++) {
      int output = i / places % size;
      int place = i / (places * size) * places + i % places;
      result[i] = parameters[weights + size * reduced + output];
      for (int r = 0; r < reduced; r++) {
        int weight = parameters[weights + output * reduced + r];
        result[i] = tape.add(result[i], tape.multiply(weight, normalized[r][place]));
      }
    }
    return result;
  }

  private int[] involve() {
    int[] result = new int[batch * channels * rows * columns];
    for (int i = 0; i < result.length; i++) {
      int x = i % columns;
      int y = i / columns % rows;
      int c = i / (columns * rows) % channels;
      int n = i / (columns * rows * channels);
      boolean interleaved = conf.getGroupOrder() == GroupOrder.INTERLEAVED;
      int group = interleaved ? c % groups : c / (channels / groups);
      result[i] = tape.leaf(0);
      for (int tap = 0; tap < kernel * kernel; tap++) {
        int down = y * stride + tap / kernel - before(height, rows, kernel, stride);
        int along = x * stride + tap % kernel - before(width, columns, kernel, stride);
        if (down >= 0 && down < height && along >= 0 && along < width) {
          int plane = (n * kernel * kernel + tap) * groups + group;
          int weight = kernels[(plane * rows + y) * columns + x];
          int pixel = inputs[((n * channels + c) * height + down) * width + along];
          result[i] = tape.add(result[i], tape.multiply(weight, pixel));
        }
      }
    }
    return result;
  }

  private int[] finish(int[] values) {
    int[] result = values;
    if (conf.isPool()) {
      int down = rows / 2;
      int along = columns / 2;
      result = new int[batch * channels * down * along];
      for (int i = 0; i < result.length; i++) {
        int plane = i / (down * along) * rows * columns;
        int at = plane + i / along % down * 2 * columns + i % along * 2;
        int top = tape.max(values[at], values[at + 1]);
        result[i] = tape.max(top, tape.max(values[at + columns], values[at + columns + 1]));
      }
    }
    if (conf.isRelu()) {
      for (int i = 0; i < result.length; i++) {
        result[i] = tape.relu(result[i]);
      }
    }
    return result;
  }

  double[] values(int[] nodes) {
    double[] values = new double[nodes.length];
    for (int i = 0; i < nodes.length; i++) {
      values[i] = tape.value(nodes[i]);
    }
    return values;
  }

  /** Gradients of sum(epsilon * output) by every node. */
  double[] gradients(INDArray epsilon) {
    int loss = tape.leaf(0);
    for (int i = 0; i < outputs.length; i++) {
      loss = tape.add(loss, tape.scale(outputs[i], epsilon.getDouble(i)));
    }
    return tape.gradients(loss);
  }
}
