package io.involution.cuda.layer;

import io.involution.cuda.driver.DeviceMemory;
import io.involution.layers.ConvolutionBlock;
import io.involution.layers.convolution.ConvolutionShape;

/**
 * A {@link ConvolutionBlock} on a device: convolution, bias, ReLU and pool in one kernel; the
 * gradients read through the pool and the ReLU. Every block that can be configured is computed.
 */
public final class ConvolutionOnDevice implements DeviceLayer {
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
    this(place, block, false);
  }

  /** Takes the plain form even where there is a faster one, if wanted. */
  ConvolutionOnDevice(LayerPlace place, ConvolutionBlock block, boolean plain) {
    Activations input = place.input();
    if (block.getNIn() != input.channels()) {
      throw new IllegalArgumentException(
          block + " gets " + input.channels() + " channels, not " + block.getNIn());
    }
    ConvolutionShape shape = block.shape(input.height(), input.width());
    memory = place.device().allocate(ConvolutionSite.bytes(place, shape));
    site = ConvolutionSite.of(place, shape, memory);
    partials = new ConvolutionPartials(site, PlainConvolution.MOST_PARTS);
    form = new PlainConvolution(site, partials);
  }

  @Override
  public void forward(boolean training) {
    form.forward();
  }

  @Override
  public void backward() {
    form.parameterGradients();
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
    partials.close();
    memory.close();
  }
}
