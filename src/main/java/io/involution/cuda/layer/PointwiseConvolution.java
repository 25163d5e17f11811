package io.involution.cuda.layer;

import io.involution.cuda.driver.Grid;
import io.involution.cuda.driver.Kernel;
import io.involution.layers.convolution.ConvolutionShape;

/** A 1x1 convolution without a pool, as products of matrices. */
final class PointwiseConvolution extends PlainConvolution {
  private static final String MODULE = "pointwise";
  private static final int FILTERS = 64;
  private static final int CHANNELS = 32;

  /** Columns of a block's product times its rows. */
  private static final int TILE = 4096;

  private static final int THREADS = 128;
  private static final int WEIGHT_THREADS = 256;

  private final Kernel convolve;
  private final Kernel weightGradient;
  private final Kernel inputGradient;

  /** Channels of a block of the input's gradient. */
  private final int rows;

  /** Loads the kernels. */
  PointwiseConvolution(ConvolutionSite site, ConvolutionPartials partials) {
    super(site, partials);
    rows = rows(site.shape());
    convolve = site.kernel(MODULE, "pointwise");
    weightGradient = site.kernel(MODULE, "pointwise_weight_gradient");
    inputGradient = site.kernel(MODULE, "pointwise_input_gradient_" + rows);
  }

  private static int rows(ConvolutionShape shape) {
    return shape.channels % FILTERS == 0 ? FILTERS : CHANNELS;
  }

  /** Whether the kernels are made for these sizes. */
  static boolean suits(ConvolutionShape shape) {
    return isPointwise(shape)
        && shape.channels % CHANNELS == 0
        && shape.filters % FILTERS == 0
        && plane(shape) % (TILE / rows(shape)) == 0;
  }

  /** Whether it is a 1x1 convolution of stride 1 with a ReLU and no pool. */
  static boolean isPointwise(ConvolutionShape shape) {
    return shape.kernelSize == 1 && shape.stride == 1 && shape.relu && !shape.pool;
  }

  private static int plane(ConvolutionShape shape) {
    return shape.height * shape.width;
  }

  @Override
  public void forward() {
    LayerPlace place = site.place();
    ConvolutionShape shape = site.shape();
    site.launch(
        convolve,
        products(FILTERS, shape.filters),
        place.step(),
        place.input().values(),
        site.biases(),
        site.weights(),
        site.output().values(),
        shape.channels,
        plane(shape),
        shape.filters);
  }

  @Override
  public void parameterGradients() {
    LayerPlace place = site.place();
    ConvolutionShape shape = site.shape();
    int channelBlocks = shape.channels / CHANNELS;
    site.launch(
        weightGradient,
        new Grid(partials.count(), channelBlocks, shape.filters / FILTERS, WEIGHT_THREADS),
        place.step(),
        place.input().values(),
        site.output().gradient(),
        site.output().values(),
        partials.address(),
        shape.channels,
        plane(shape),
        shape.filters,
        partials.images());
  }

  @Override
  public void inputGradient() {
    LayerPlace place = site.place();
    ConvolutionShape shape = site.shape();
    site.launch(
        inputGradient,
        products(rows, shape.channels),
        place.step(),
        site.weights(),
        site.output().gradient(),
        site.output().values(),
        place.input().gradient(),
        shape.channels,
        plane(shape),
        shape.filters);
  }

  private Grid products(int blockRows, int allRows) {
    int columns = TILE / blockRows;
    return new Grid(
        site.place().capacity(), plane(site.shape()) / columns, allRows / blockRows, THREADS);
  }
}
