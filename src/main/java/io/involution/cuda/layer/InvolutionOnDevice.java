package io.involution.cuda.layer;

import io.involution.layers.Involution;
import io.involution.layers.involution.InvolutionShape;

/**
 * An {@link Involution} on a device. Every setting is computed; the reference network's, which is
 * small enough to keep a whole image on a multiprocessor, in a faster form.
 */
public final class InvolutionOnDevice implements DeviceLayer {
  private final InvolutionSite site;
  private final InvolutionForm form;

  /**
   * Takes memory and loads the kernels.
   *
   * @throws io.involution.cuda.driver.CudaFault when the device has too little memory
   */
  public InvolutionOnDevice(LayerPlace place, Involution layer) {
    this(place, layer, false);
  }

  /** Takes the general form even where there is a faster one, if wanted. */
  InvolutionOnDevice(LayerPlace place, Involution layer, boolean general) {
    Activations input = place.input();
    if (layer.getNIn() != input.channels()) {
      throw new IllegalArgumentException(
          layer + " gets " + input.channels() + " channels, not " + layer.getNIn());
    }
    InvolutionShape shape = layer.shape(input.height(), input.width());
    site = new InvolutionSite(place, shape);
    form =
        !general && PlainInvolutionForm.fits(shape, place)
            ? new PlainInvolutionForm(site)
            : new GeneralInvolutionForm(site);
  }

  @Override
  public void forward(boolean training) {
    form.forward(training);
  }

  @Override
  public void backward() {
    form.backward();
  }

  @Override
  public Activations output() {
    return site.output();
  }

  @Override
  public void close() {
    site.close();
  }
}
