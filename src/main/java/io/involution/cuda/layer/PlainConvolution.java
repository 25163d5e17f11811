package io.involution.cuda.layer;

import io.involution.cuda.driver.Grid;
import io.involution.cuda.driver.Kernel;
import io.involution.layers.convolution.ConvolutionShape;

/** Any convolution block, as products of matrices that are gathered from images. */
class PlainConvolution implements ConvolutionForm {
  private static final String MODULE = "convolution";
  private static final int THREADS = 256;

  /** Rows and columns of a block's part of a product. */
  private static final int SMALL = 64;

  private static final int LARGE = 128;

  /** Fewer blocks than this leave much of a large device idle. */
  private static final int ENOUGH_BLOCKS = 128;

  /** Where the block stands. */
  final ConvolutionSite site;

  /** Sums over parts of the minibatch. */
  final ConvolutionPartials partials;

  private final Product convolve;
  private final Product weightGradient;
  private final Product inputGradient;

  /** Loads the kernels. */
  PlainConvolution(ConvolutionSite site, ConvolutionPartials partials) {
    this.site = site;
    this.partials = partials;
    ConvolutionShape shape = site.shape();
    long outputs = (long) shape.finalHeight * shape.finalWidth * (shape.pool ? 4 : 1);
    long images = site.place().capacity();
    convolve = product("convolve", images * outputs, shape.filters, 1);
    int columns = shape.patchLength() + (site.biasGradients() == 0 ? 0 : 1);
    weightGradient = product("weight_gradient", columns, shape.filters, partials.count());
    long pixels = (long) shape.height * shape.width;
    inputGradient = product("input_gradient", images * pixels, shape.channels, 1);
  }

  /** A kernel that makes a product by squares: as large ones as keep a large device busy. */
  private Product product(String name, long columns, int rows, int times) {
    long large = (long) Grid.parts(columns, LARGE) * Grid.parts(rows, LARGE) * times;
    int side = rows > SMALL && large >= ENOUGH_BLOCKS ? LARGE : SMALL;
    return new Product(
        site.kernel(MODULE, side == LARGE ? name + "_large" : name),
        Grid.parts(columns, side),
        Grid.parts(rows, side));
  }

  /** A kernel that makes a product, and its squares. */
  private record Product(Kernel kernel, int columns, int rows) {}

  @Override
  public void forward() {
    LayerPlace place = site.place();
    site.launch(
        convolve.kernel(),
        new Grid(convolve.columns(), convolve.rows(), 1, THREADS),
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
    site.launch(
        weightGradient.kernel(),
        new Grid(weightGradient.columns(), partials.count(), weightGradient.rows(), THREADS),
        place.step(),
        site.sizes(),
        place.input().values(),
        site.output().gradient(),
        site.output().values(),
        site.choice(),
        partials.address(),
        partials.images());
  }

  @Override
  public void inputGradient() {
    LayerPlace place = site.place();
    site.launch(
        inputGradient.kernel(),
        new Grid(inputGradient.columns(), inputGradient.rows(), 1, THREADS),
        place.step(),
        site.sizes(),
        site.weights(),
        site.output().gradient(),
        site.output().values(),
        site.choice(),
        place.input().gradient());
  }
}
