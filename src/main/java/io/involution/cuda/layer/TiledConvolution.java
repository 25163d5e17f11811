package io.involution.cuda.layer;

import io.involution.cuda.driver.Grid;
import io.involution.cuda.driver.Kernel;
import io.involution.layers.convolution.ConvolutionShape;

/** A 3x3 convolution of images of 8 x 8 without a pool, by tiles of 64 filters. */
final class TiledConvolution extends PlainConvolution {
  private static final String MODULE = "convolution_tiles";
  private static final int SIZE = 8;
  private static final int FILTERS = 64;
  private static final int CHANNELS = 32;
  private static final int THREADS = 256;

  private final ArrangedWeights weights;
  private final Kernel convolve;
  private final Kernel weightGradient;
  private final Kernel inputGradient;

  /** Loads the kernels. */
  TiledConvolution(ConvolutionSite site, ConvolutionPartials partials) {
    super(site, partials);
    weights = new ArrangedWeights(site);
    convolve = site.kernel(MODULE, "convolve_tiles");
    weightGradient = site.kernel(MODULE, "weight_gradient_tiles");
    inputGradient = site.kernel(MODULE, "input_gradient_tiles");
  }

  /** Whether the kernels are made for these sizes. */
  static boolean suits(ConvolutionShape shape) {
    return ConvolutionSite.isThreeByThree(shape)
        && !shape.pool
        && shape.height == SIZE
        && shape.width == SIZE
        && shape.channels % FILTERS == 0
        && shape.filters % FILTERS == 0;
  }

  @Override
  public void forward() {
    LayerPlace place = site.place();
    ConvolutionShape shape = site.shape();
    weights.arrange();
    site.launch(
        convolve,
        new Grid(place.capacity(), 1, shape.filters / FILTERS, THREADS),
        place.step(),
        place.input().values(),
        site.biases(),
        weights.byFilter(),
        site.output().values(),
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
        new Grid(partials.count(), shape.channels / CHANNELS, shape.filters / FILTERS, THREADS),
        place.step(),
        place.input().values(),
        site.output().gradient(),
        site.output().values(),
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
        new Grid(place.capacity(), 1, shape.channels / FILTERS, THREADS),
        place.step(),
        weights.byChannel(),
        site.output().gradient(),
        site.output().values(),
        place.input().gradient(),
        shape.channels,
        shape.height,
        shape.width,
        shape.filters);
  }

  @Override
  public void close() {
    weights.close();
  }
}
