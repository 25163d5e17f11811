package io.involution.layers;

import io.involution.compute.ImageChunks;
import io.involution.compute.NativeThreads;
import io.involution.layers.array.FloatArrays;
import io.involution.layers.array.NativeReals;
import io.involution.layers.array.RealArrays.Operand;
import io.involution.layers.array.RealArrays.ProductShape;
import io.involution.layers.convolution.ConvolutionKernel;
import io.involution.layers.convolution.ConvolutionPath;
import io.involution.layers.convolution.ConvolutionShape;
import io.involution.layers.convolution.pointwise.PointwiseConvolution;
import io.involution.layers.convolution.rows.RowConvolution;
import io.involution.layers.convolution.winograd.DeepWinogradConvolution;
import io.involution.layers.convolution.winograd.WinogradConvolution;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What the paths of a convolution reach on the CPU: operations of the definition (two for each
 * multiply-add, those that Winograd saves included) by CPU time of one thread, for a forward pass
 * and for all gradients, and beside them one large product of the same matrices by OpenBLAS. The
 * paths take turns. Compiled with the JMH benchmarks: {@code -Dbench.main=
 * io.involution.layers.ConvolutionPaths -Dbench.arguments="TURNS IMAGES PATH"}.
 */
public final class ConvolutionPaths {
  private static final int WARM_UP = 4;
  private static final String PRODUCT = "sgemm";
  private static final FloatArrays REALS = FloatArrays.INSTANCE;

  private final int turns;
  private final int images;

  private final String only;

  private ConvolutionPaths(int turns, int images, String only) {
    this.turns = turns;
    this.images = images;
    this.only = only;
  }

  /**
   * Prints a table; takes the number of turns (default 10) and of images (default 256), and a path.
   */
  public static void main(String[] arguments) {
    NativeThreads.useOne();
    ImageChunks.useThreads(1);
    ConvolutionPaths paths =
        new ConvolutionPaths(
            arguments.length < 1 ? 10 : Integer.parseInt(arguments[0]),
            arguments.length < 2 ? 256 : Integer.parseInt(arguments[1]),
            arguments.length < 3 ? "" : arguments[2]);
    paths.compare(block(3, 24, 2).same(false).inputGradient(false).trained(false), 32);
    paths.compare(block(24, 64, 1), 31);
    paths.compare(block(24, 64, 1), 32);
    paths.compare(block(64, 256, 1), 16);
    paths.compare(block(64, 256, 1), 15);
    paths.compare(block(256, 256, 1), 8);
    paths.compare(block(256, 256, 1), 7);
    paths.compare(block(512, 512, 1), 4);
    paths.compare(block(24, 64, 3).pool(true), 31);
    paths.compare(block(64, 64, 3), 15);
    paths.compare(block(64, 256, 3).pool(true), 15);
    paths.compare(block(256, 256, 3), 7);
    paths.compare(block(256, 256, 3), 3);
    paths.compare(block(512, 512, 3), 4);
  }

  private static ConvolutionBlock.Builder block(int channels, int filters, int size) {
    return new ConvolutionBlock.Builder()
        .nIn(channels)
        .nOut(filters)
        .kernelSize(size)
        .bias(false)
        .activation(Activation.IDENTITY);
  }

  private void compare(ConvolutionBlock.Builder builder, int size) {
    ConvolutionBlock block = builder.build();
    ConvolutionShape shape = block.shape(size, size);
    Map<String, Step> steps = new LinkedHashMap<>();
    steps.put("rows", new Step(block, shape, new RowConvolution<>(REALS, shape)));
    if (PointwiseConvolution.suits(shape)) {
      steps.put("pointwise", new Step(block, shape, new PointwiseConvolution<>(REALS, shape)));
    }
    if (shape.kernelSize == 3) {
      steps.put("winograd", new Step(block, shape, new WinogradConvolution<>(REALS, shape)));
      steps.put("deep", new Step(block, shape, new DeepWinogradConvolution<>(REALS, shape)));
    }
    steps.keySet().removeIf(name -> !name.startsWith(only));
    Map<String, Supplier<double[]>> measured = new LinkedHashMap<>();
    steps.forEach((name, step) -> measured.put(name, step::run));
    measured.put(PRODUCT, new Product(shape)::rate);
    Map<String, double[][]> millis = Turns.take(measured, WARM_UP, turns);
    double bare = median(millis.remove(PRODUCT)[0]);
    double operations = 2.0 * images * shape.weightCount() * shape.outHeight * shape.outWidth;
    int gradients = (block.hasFrozenFilters() ? 0 : 1) + (block.isInputGradient() ? 1 : 0);
    millis.forEach(
        (name, all) ->
            System.out.printf(
                "%dx%d %3d -> %3d on %2d x %2d %-9s forward %7.2f ms %6.1f GFLOP/s   backward %7.2f"
                    + " ms %6.1f GFLOP/s   sgemm %6.1f GFLOP/s%n",
                shape.kernelSize,
                shape.kernelSize,
                shape.channels,
                shape.filters,
                size,
                size,
                name,
                median(all[0]),
                operations / median(all[0]) / 1e6,
                median(all[1]),
                gradients * operations / median(all[1]) / 1e6,
                bare));
    steps.values().forEach(step -> step.kernel.close());
  }

  private static double median(double[] numbers) {
    return Turns.quantile(numbers, 0.5);
  }

  /** One product of the filters with as many patches as fit into a cache. */
  private static final class Product {
    private static final int COLUMNS = 1024;

    private final ProductShape product;
    private final NativeReals<float[]> left;
    private final NativeReals<float[]> right;
    private final NativeReals<float[]> into;

    Product(ConvolutionShape shape) {
      product = new ProductShape(shape.filters, COLUMNS, shape.patchLength());
      left = REALS.allocate(shape.weightCount());
      right = REALS.allocate((long) shape.patchLength() * COLUMNS);
      into = REALS.allocate((long) shape.filters * COLUMNS);
    }

    /** Operations in a nanosecond. */
    double[] rate() {
      double operations = 2.0 * product.rows() * product.columns() * product.inner();
      int times = (int) Math.max(1, 1e9 / operations);
      return new double[] {times * operations / Turns.nanoseconds(() -> multiply(times))};
    }

    private void multiply(int times) {
      for (int i = 0; i < times; i++) {
        REALS.multiply(
            product,
            new Operand<>(left, 0, product.inner(), false),
            new Operand<>(right, 0, COLUMNS, false),
            new Operand<>(into, 0, COLUMNS, false),
            false);
      }
    }
  }

  /** A path with a minibatch to work on. */
  private final class Step {
    private final ConvolutionKernel<float[]> kernel;
    private final INDArray input;
    private final INDArray weights;
    private final INDArray output;
    private final INDArray epsilon;
    private final INDArray weightGradients;
    private final INDArray inputGradients;

    Step(ConvolutionBlock block, ConvolutionShape shape, ConvolutionPath<float[]> path) {
      kernel = new ConvolutionKernel<>(REALS, shape, path);
      input = LayerState.random(images, shape.channels, shape.height, shape.width);
      weights =
          LayerState.random(shape.filters, shape.channels, shape.kernelSize, shape.kernelSize);
      output =
          Nd4j.create(DataType.FLOAT, images, shape.filters, shape.finalHeight, shape.finalWidth);
      epsilon = LayerState.random(output.shape());
      weightGradients = block.hasFrozenFilters() ? null : weights.dup('c');
      inputGradients = block.isInputGradient() ? input.dup('c') : null;
    }

    /** CPU milliseconds of a forward and of a backward pass. */
    double[] run() {
      double forward = Turns.nanoseconds(() -> kernel.forward(true, input, weights, null, output));
      double backward =
          Turns.nanoseconds(
              () -> kernel.backward(input, epsilon, weightGradients, null, inputGradients));
      return new double[] {forward / 1e6, backward / 1e6};
    }
  }
}
