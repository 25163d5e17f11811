package io.involution.cuda.layer;

import io.involution.cuda.driver.Grid;
import io.involution.cuda.driver.Kernel;
import io.involution.layers.convolution.ConvolutionShape;

/** A convolution of stride 1 on tensor cores, by filters of 3x3 or 1x1. */
final class TensorConvolution implements ConvolutionForm {
  private static final String FORWARD = "tf32_convolution";
  private static final String BACK = "tf32_input_gradient";
  private static final String WEIGHTS = "tf32_weights";

  /** Fewer channels or filters leave most of a product's entries unused. */
  private static final int LEAST = 8;

  private static final int SIDE = 3;

  /** Filters of a block of the weights' gradient. */
  private static final int FILTERS = 64;

  /** Blocks of the weights' gradient that occupy a large device, each for a part of the images. */
  private static final int BLOCKS = 256;

  private final ConvolutionSite site;
  private final ConvolutionPartials partials;
  private final TensorWeights weights;
  private final TensorTile made;
  private final TensorTile taken;
  private final Kernel convolve;
  private final Kernel inputGradient;
  private final Kernel weightGradient;

  /** Loads the kernels. */
  TensorConvolution(ConvolutionSite site, ConvolutionPartials partials) {
    this.site = site;
    this.partials = partials;
    ConvolutionShape shape = site.shape();
    weights = new TensorWeights(site);
    made = TensorTile.ofImages(shape.outHeight, shape.outWidth, shape.pool);
    taken = TensorTile.ofImages(shape.height, shape.width, false);
    boolean window = shape.kernelSize == SIDE;
    convolve =
        site.kernel(
            FORWARD, window ? "tf32_convolve_" + made.name(shape.filters) : "tf32_pointwise");
    inputGradient =
        site.kernel(
            BACK,
            window
                ? "tf32_input_gradient_" + taken.name(shape.channels)
                : "tf32_pointwise_input_gradient");
    int columns = TensorTile.ofWeights(shape.outHeight, shape.outWidth).columns();
    weightGradient =
        site.kernel(
            WEIGHTS, window ? "tf32_weight_gradient_" + columns : "tf32_pointwise_weight_gradient");
  }

  /** Whether there are kernels for a convolution. */
  static boolean suits(ConvolutionShape shape) {
    boolean pointwise = shape.kernelSize == 1 && !shape.pool && shape.outHeight == shape.height;
    return (shape.kernelSize == SIDE || pointwise)
        && shape.stride == 1
        && Math.min(shape.channels, shape.filters) >= LEAST;
  }

  /** How many parts of a minibatch the weights' gradients are summed in at most. */
  static int parts(ConvolutionShape shape, int capacity) {
    int blocks = Grid.parts(shape.channels, channels(shape)) * Grid.parts(shape.filters, FILTERS);
    int wanted = (shape.kernelSize == 1 ? 2 : 1) * BLOCKS / blocks;
    int images = TensorTile.ofWeights(shape.outHeight, shape.outWidth).images();
    return Math.max(1, Math.min(wanted, Grid.parts(capacity, images)));
  }

  /** Channels of a block of the weights' gradient. */
  private static int channels(ConvolutionShape shape) {
    return shape.kernelSize == 1 ? 64 : 32;
  }

  @Override
  public void forward() {
    LayerPlace place = site.place();
    ConvolutionShape shape = site.shape();
    weights.arrange();
    Object[] arguments = {
      place.step(),
      site.sizes(),
      place.input().values(),
      weights.forward(),
      site.biases(),
      site.output().values(),
      site.choice()
    };
    site.launch(
        convolve,
        shape.kernelSize == SIDE
            ? made.grid(place.capacity(), shape.outHeight, shape.outWidth, shape.filters)
            : pixels(shape.filters),
        arguments);
  }

  @Override
  public void parameterGradients() {
    LayerPlace place = site.place();
    ConvolutionShape shape = site.shape();
    site.launch(
        weightGradient,
        new Grid(
            partials.count(),
            Grid.parts(shape.channels, channels(shape)),
            Grid.parts(shape.filters, FILTERS),
            shape.kernelSize == SIDE ? 256 : 128),
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
    ConvolutionShape shape = site.shape();
    site.launch(
        inputGradient,
        shape.kernelSize == SIDE
            ? taken.grid(place.capacity(), shape.height, shape.width, shape.channels)
            : pixels(shape.channels),
        place.step(),
        site.sizes(),
        weights.back(),
        site.output().gradient(),
        site.output().values(),
        site.choice(),
        place.input().gradient());
  }

  /** The grid of the kernels for filters of 1x1. */
  private Grid pixels(int planes) {
    int all = Math.multiplyExact(site.place().capacity(), site.shape().height * site.shape().width);
    return new Grid(Grid.parts(all, 128), 1, Grid.parts(planes, FILTERS), 128);
  }

  @Override
  public void close() {
    weights.close();
  }
}
