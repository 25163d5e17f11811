package io.involution.cuda.layer;

import io.involution.cuda.driver.Grid;
import io.involution.cuda.driver.Kernel;
import io.involution.layers.convolution.ConvolutionShape;

/** Any convolution block, as products of matrices that are gathered from images. */
class PlainConvolution implements ConvolutionForm {
  private static final String MODULE = "convolution";
  private static final int THREADS = 256;

  /** Rows and columns of a block's part of a product. */
  private static final int SIDE = 64;

  /** Where the block stands. */
  final ConvolutionSite site;

  /** Sums over parts of the minibatch. */
  final ConvolutionPartials partials;

  private final Kernel convolve;
  private final Kernel weightGradient;
  private final Kernel inputGradient;

  /** Loads the kernels. */
  PlainConvolution(ConvolutionSite site, ConvolutionPartials partials) {
    this.site = site;
    this.partials = partials;
    convolve = site.kernel(MODULE, "convolve");
    weightGradient = site.kernel(MODULE, "weight_gradient");
    inputGradient = site.kernel(MODULE, "input_gradient");
  }

  @Override
  public void forward() {
    LayerPlace place = site.place();
    ConvolutionShape shape = site.shape();
    int columns = shape.finalHeight * shape.finalWidth * (shape.pool ? 4 : 1);
    site.launch(
        convolve,
        product(place.capacity(), columns, shape.filters),
        place.step(),
        site.sizes(),
        place.input().values(),
        site.biases(),
        site.weights(),
        site.output().values(),
        site.choice());
  }

  @Override
  public void parameterGradients() {
    LayerPlace place = site.place();
    ConvolutionShape shape = site.shape();
    int columns = ConvolutionSite.blocks(shape.patchLength() + 1, SIDE);
    site.launch(
        weightGradient,
        product(columns, SIDE * partials.count(), shape.filters),
        place.step(),
        site.sizes(),
        place.input().values(),
        site.output().gradient(),
        site.output().values(),
        site.choice(),
        partials.address(),
        partials.images());
    partials.sum();
  }

  @Override
  public void inputGradient() {
    LayerPlace place = site.place();
    ConvolutionShape shape = site.shape();
    site.launch(
        inputGradient,
        product(place.capacity(), shape.height * shape.width, shape.channels),
        place.step(),
        site.sizes(),
        site.weights(),
        site.output().gradient(),
        site.output().values(),
        site.choice(),
        place.input().gradient());
  }

  private static Grid product(int x, int columns, int rows) {
    return new Grid(
        x, ConvolutionSite.blocks(columns, SIDE), ConvolutionSite.blocks(rows, SIDE), THREADS);
  }
}
