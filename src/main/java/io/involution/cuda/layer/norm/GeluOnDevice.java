package io.involution.cuda.layer.norm;

import io.involution.cuda.layer.Activations;
import io.involution.cuda.layer.DeviceLayer;
import io.involution.cuda.layer.LayerPlace;

/** A {@link io.involution.layers.Gelu} on a device. */
public final class GeluOnDevice implements DeviceLayer {
  private final LayerPlace place;
  private final Elementwise forward;
  private final Elementwise backward;
  private final OutputMemory output;

  /** Takes memory and loads the kernels. */
  public GeluOnDevice(LayerPlace place) {
    this.place = place;
    forward = new Elementwise(place, "gelu_forward");
    backward = new Elementwise(place, "gelu_backward");
    output = new OutputMemory(place);
  }

  @Override
  public void forward(boolean training) {
    forward.launch(place.input().values(), output.values().values());
  }

  @Override
  public void backward() {
    if (place.input().gradient() != 0) {
      backward.launch(place.input().values(), output.values().gradient(), place.input().gradient());
    }
  }

  @Override
  public Activations output() {
    return output.values();
  }

  @Override
  public void close() {
    output.close();
  }
}
