package io.involution.cuda.layer;

import io.involution.cuda.driver.Grid;
import io.involution.cuda.driver.Kernel;
import io.involution.layers.convolution.ConvolutionShape;

/** Any convolution block: a thread for each number. */
class PlainConvolution implements ConvolutionForm {
  private static final String MODULE = "convolution";
  private static final int THREADS = 256;
  private static final int WEIGHT_THREADS = 64;

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
    site.launch(
        convolve,
        examples(site.shape().finalLength()),
        place.step(),
        site.sizes(),
        place.input().values(),
        place.parameters(),
        site.output().values(),
        site.choice());
  }

  @Override
  public void parameterGradients() {
    LayerPlace place = site.place();
    int blocks = ConvolutionSite.blocks(site.parameterCount(), WEIGHT_THREADS);
    site.launch(
        weightGradient,
        new Grid(blocks, partials.count(), 1, WEIGHT_THREADS),
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
        examples(shape.imageLength()),
        place.step(),
        site.sizes(),
        place.parameters(),
        site.output().gradient(),
        site.output().values(),
        site.choice(),
        place.input().gradient());
  }

  private Grid examples(int length) {
    return new Grid(site.place().capacity(), ConvolutionSite.blocks(length, THREADS), 1, THREADS);
  }
}
