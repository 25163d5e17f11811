package io.involution.cuda.layer;

import io.involution.config.Precision;
import io.involution.cuda.driver.DeviceMemory;
import io.involution.layers.ConvolutionBlock;
import io.involution.layers.convolution.ConvolutionShape;

/**
 * A {@link ConvolutionBlock} on a device: convolution, bias, ReLU and pool in one kernel; the
 * gradients read through the pool and the ReLU. Every block that can be configured is computed.
 */
public final class ConvolutionOnDevice implements DeviceLayer {
  /** Bounds on the parts of a minibatch that parameters' gradients are summed in. */
  private static final int PLAIN_PARTS = 64;

  private static final int FAST_PARTS = 256;

  /** Weights of a block of a pointwise convolution's gradients. */
  private static final int BLOCK = 64 * 32;

  private final ConvolutionSite site;
  private final ConvolutionForm form;
  private final ConvolutionPartials partials;
  private final DeviceMemory memory;

  /**
   * Takes memory and loads the kernels.
   *
   * @throws io.involution.cuda.driver.CudaFault when the device has too little memory
   */
  public ConvolutionOnDevice(LayerPlace place, ConvolutionBlock block) {
    Activations input = place.input();
    if (block.getNIn() != input.channels()) {
      throw new IllegalArgumentException(
          block + " gets " + input.channels() + " channels, not " + block.getNIn());
    }
    ConvolutionShape shape = block.shape(input.height(), input.width());
    memory = place.device().allocate(ConvolutionSite.bytes(place, shape));
    site = ConvolutionSite.of(place, block, memory);
    boolean onTensorCores = place.precision() == Precision.TF32 && TensorConvolution.suits(shape);
    partials =
        new ConvolutionPartials(
            site, onTensorCores ? TensorConvolution.parts(shape, place.capacity()) : parts(shape));
    form = onTensorCores ? new TensorConvolution(site, partials) : form(shape);
  }

  private static int parts(ConvolutionShape shape) {
    if (TiledConvolution.suits(shape)) {
      return FAST_PARTS / 2;
    }
    if (PointwiseConvolution.suits(shape)) {
      return Math.max(1, FAST_PARTS * BLOCK / shape.weightCount());
    }
    boolean fast =
        FirstConvolution.suits(shape)
            || PooledConvolution.suits(shape)
            || FirstPointwiseConvolution.suits(shape);
    return fast ? FAST_PARTS : PLAIN_PARTS;
  }

  /** The fastest form; chosen by the shape alone, since the bits depend on it. */
  private ConvolutionForm form(ConvolutionShape shape) {
    if (FirstConvolution.suits(shape)) {
      return new FirstConvolution(site, partials);
    }
    if (PooledConvolution.suits(shape)) {
      return new PooledConvolution(site, partials);
    }
    if (TiledConvolution.suits(shape)) {
      return new TiledConvolution(site, partials);
    }
    if (FirstPointwiseConvolution.suits(shape)) {
      return new FirstPointwiseConvolution(site, partials);
    }
    return PointwiseConvolution.suits(shape)
        ? new PointwiseConvolution(site, partials)
        : new PlainConvolution(site, partials);
  }

  /** The name of the form that computes it, for tests. */
  String form() {
    return form.getClass().getSimpleName();
  }

  @Override
  public void forward(boolean training) {
    form.forward();
  }

  @Override
  public void backward() {
    if (site.biasGradients() != 0 || site.weightGradients() != 0) {
      form.parameterGradients();
      partials.sum();
    }
    if (site.place().input().gradient() != 0) {
      form.inputGradient();
    }
  }

  @Override
  public Activations output() {
    return site.output();
  }

  @Override
  public void close() {
    form.close();
    partials.close();
    memory.close();
  }
}
