package io.involution.cuda.layer;

import io.involution.cuda.driver.Grid;
import io.involution.cuda.driver.Kernel;
import io.involution.layers.convolution.ConvolutionShape;

/**
 * A 3x3 convolution of images of 16 x 16 that a pool follows: tiles forward; the gradients from the
 * one pixel of a window alone that the pool has chosen.
 */
final class PooledConvolution extends PlainConvolution {
  private static final String MODULE = "convolution_pooled";
  private static final int SIZE = 16;
  private static final int FILTERS = 64;
  private static final int CHANNELS = 32;
  private static final int TILE_HEIGHT = 8;
  private static final int TILE_THREADS = 128;

  /** Filters and threads of a block of the weights' gradient. */
  private static final int GRADIENT_FILTERS = 32;

  private static final int GRADIENT_THREADS = 256;

  /** Threads of a block of the input's gradient. */
  private static final int INPUT_THREADS = 512;

  private final ArrangedWeights weights;
  private final Kernel convolve;
  private final Kernel weightGradient;
  private final Kernel inputGradient;

  /** Loads the kernels. */
  PooledConvolution(ConvolutionSite site, ConvolutionPartials partials) {
    super(site, partials);
    weights = new ArrangedWeights(site);
    convolve = site.kernel("convolution_tiles", "convolve_tiles_pooled");
    weightGradient = site.kernel(MODULE, "weight_gradient_pooled");
    inputGradient = site.kernel(MODULE, "input_gradient_pooled");
  }

  /** Whether the kernels are made for these sizes. */
  static boolean suits(ConvolutionShape shape) {
    return ConvolutionSite.isThreeByThree(shape)
        && shape.pool
        && shape.height == SIZE
        && shape.width == SIZE
        && shape.channels % CHANNELS == 0
        && shape.filters % FILTERS == 0;
  }

  @Override
  public void forward() {
    LayerPlace place = site.place();
    ConvolutionShape shape = site.shape();
    weights.arrange();
    site.launch(
        convolve,
        new Grid(place.capacity(), SIZE / TILE_HEIGHT, shape.filters / FILTERS, TILE_THREADS),
        place.step(),
        place.input().values(),
        site.biases(),
        weights.byFilter(),
        site.output().values(),
        site.choice(),
        shape.channels,
        shape.height,
        shape.width,
        shape.filters);
  }

  @Override
  public void parameterGradients() {
    LayerPlace place = site.place();
    ConvolutionShape shape = site.shape();
    site.launch(
        weightGradient,
        new Grid(
            partials.count(),
            shape.channels / CHANNELS,
            shape.filters / GRADIENT_FILTERS,
            GRADIENT_THREADS),
        place.step(),
        place.input().values(),
        site.output().gradient(),
        site.choice(),
        partials.address(),
        shape.channels,
        shape.filters,
        partials.images());
  }

  @Override
  public void inputGradient() {
    LayerPlace place = site.place();
    ConvolutionShape shape = site.shape();
    site.launch(
        inputGradient,
        new Grid(place.capacity(), shape.channels / CHANNELS, 1, INPUT_THREADS),
        place.step(),
        weights.byChannel(),
        site.output().gradient(),
        site.choice(),
        place.input().gradient(),
        shape.channels,
        shape.filters);
  }

  @Override
  public void close() {
    weights.close();
  }
}
