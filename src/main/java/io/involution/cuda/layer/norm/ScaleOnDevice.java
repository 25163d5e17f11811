package io.involution.cuda.layer.norm;

import io.involution.cuda.layer.Activations;
import io.involution.cuda.layer.DeviceLayer;
import io.involution.cuda.layer.LayerPlace;

/** DL4J's ScaleVertex on a device: the values times a number. */
public final class ScaleOnDevice implements DeviceLayer {
  private final LayerPlace place;
  private final float factor;
  private final Elementwise scale;
  private final OutputMemory output;

  /** Takes memory and loads the kernel. */
  public ScaleOnDevice(LayerPlace place, float factor) {
    this.place = place;
    this.factor = factor;
    scale = new Elementwise(place, "scale_values");
    output = new OutputMemory(place);
  }

  @Override
  public void forward(boolean training) {
    scale.launch(place.input().values(), output.values().values(), factor);
  }

  @Override
  public void backward() {
    if (place.input().gradient() != 0) {
      scale.launch(output.values().gradient(), place.input().gradient(), factor);
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
