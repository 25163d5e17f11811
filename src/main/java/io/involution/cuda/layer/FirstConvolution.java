package io.involution.cuda.layer;

import io.involution.cuda.driver.Grid;
import io.involution.cuda.driver.Kernel;
import io.involution.layers.convolution.ConvolutionShape;

/** A network's first convolution, of images of three channels: a lane for each filter. */
final class FirstConvolution extends PlainConvolution {
  private static final String MODULE = "convolution_first";
  private static final int CHANNELS = 3;
  private static final int SIZE = 32;
  private static final int LANES = 32;
  private static final int THREADS = 256;

  private final Kernel convolve;
  private final Kernel weightGradient;

  /** Loads the kernels. */
  FirstConvolution(ConvolutionSite site, ConvolutionPartials partials) {
    super(site, partials);
    convolve = site.kernel(MODULE, "convolve_first");
    weightGradient = site.kernel(MODULE, "weight_gradient_first");
  }

  /** Whether the kernels are made for these sizes. */
  static boolean suits(ConvolutionShape shape) {
    return ConvolutionSite.isThreeByThree(shape)
        && shape.pool
        && shape.channels == CHANNELS
        && shape.height == SIZE
        && shape.width == SIZE
        && shape.filters % LANES == 0;
  }

  @Override
  public void forward() {
    LayerPlace place = site.place();
    site.launch(
        convolve,
        new Grid(place.capacity(), site.shape().filters / LANES, 1, THREADS),
        place.step(),
        place.input().values(),
        site.biases(),
        site.weights(),
        site.output().values(),
        site.choice(),
        site.shape().filters);
  }

  @Override
  public void parameterGradients() {
    LayerPlace place = site.place();
    site.launch(
        weightGradient,
        new Grid(partials.count(), site.shape().filters / LANES, 1, THREADS),
        place.step(),
        place.input().values(),
        site.output().gradient(),
        site.choice(),
        partials.address(),
        site.shape().filters,
        partials.images());
  }
}
