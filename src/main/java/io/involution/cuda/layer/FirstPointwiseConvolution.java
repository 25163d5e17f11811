package io.involution.cuda.layer;

import io.involution.cuda.driver.Grid;
import io.involution.cuda.driver.Kernel;
import io.involution.layers.convolution.ConvolutionShape;

/** A network's first layer as a 1x1 convolution, of images of three channels. */
final class FirstPointwiseConvolution extends PlainConvolution {
  private static final String MODULE = "pointwise";
  private static final int CHANNELS = 3;
  private static final int FILTERS = 32;
  private static final int QUAD = 4;
  private static final int THREADS = 128;
  private static final int WEIGHT_THREADS = 256;

  private final Kernel convolve;
  private final Kernel weightGradient;
  private final int plane;

  /** Loads the kernels. */
  FirstPointwiseConvolution(ConvolutionSite site, ConvolutionPartials partials) {
    super(site, partials);
    plane = site.shape().height * site.shape().width;
    convolve = site.kernel(MODULE, "pointwise_few");
    weightGradient = site.kernel(MODULE, "pointwise_few_weight_gradient");
  }

  /** Whether the kernels are made for these sizes. */
  static boolean suits(ConvolutionShape shape) {
    return PointwiseConvolution.isPointwise(shape)
        && shape.channels == CHANNELS
        && shape.filters % FILTERS == 0
        && shape.height * shape.width % QUAD == 0;
  }

  @Override
  public void forward() {
    LayerPlace place = site.place();
    int filters = site.shape().filters;
    int columns = Grid.parts(plane, QUAD * THREADS);
    site.launch(
        convolve,
        new Grid(place.capacity(), columns, filters / FILTERS, THREADS),
        place.step(),
        place.input().values(),
        site.biases(),
        site.weights(),
        site.output().values(),
        plane,
        filters);
  }

  @Override
  public void parameterGradients() {
    LayerPlace place = site.place();
    int filters = site.shape().filters;
    site.launch(
        weightGradient,
        new Grid(partials.count(), filters / FILTERS, 1, WEIGHT_THREADS),
        place.step(),
        place.input().values(),
        site.biases(),
        site.weights(),
        site.output().gradient(),
        partials.address(),
        plane,
        filters,
        partials.images());
  }
}
