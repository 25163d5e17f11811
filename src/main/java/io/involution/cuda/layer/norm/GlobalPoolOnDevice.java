package io.involution.cuda.layer.norm;

import io.involution.cuda.driver.DeviceMemory;
import io.involution.cuda.driver.Grid;
import io.involution.cuda.driver.Kernel;
import io.involution.cuda.layer.Activations;
import io.involution.cuda.layer.DeviceLayer;
import io.involution.cuda.layer.LayerPlace;
import io.involution.layers.GlobalPool;

/** A {@link GlobalPool} on a device. */
public final class GlobalPoolOnDevice implements DeviceLayer {
  private static final int THREADS = 256;
  private static final int WARP = 32;

  private final LayerPlace place;
  private final Kernel forward;
  private final Kernel backward;
  private final OutputMemory output;

  /** Where the largest values are; null for the mean. */
  private final DeviceMemory places;

  /** Takes memory and loads the kernels. */
  public GlobalPoolOnDevice(LayerPlace place, GlobalPool.Kind kind) {
    this.place = place;
    forward = place.device().kernel("elementwise", "pool_forward");
    backward = place.device().kernel("elementwise", "pool_backward");
    int channels = place.input().channels();
    output = new OutputMemory(place, channels, 1, 1);
    long results = (long) place.capacity() * channels;
    places = kind == GlobalPool.Kind.MAX ? place.device().allocate(Integer.BYTES * results) : null;
  }

  private Grid grid() {
    long results = (long) place.capacity() * place.input().channels();
    return Grid.covering(WARP * results, THREADS);
  }

  private long places() {
    return places == null ? 0L : places.address();
  }

  private int plane() {
    return place.input().height() * place.input().width();
  }

  @Override
  public void forward(boolean training) {
    place
        .device()
        .launch(
            forward,
            grid(),
            place.step(),
            place.input().values(),
            output.values().values(),
            places(),
            place.input().channels(),
            plane());
  }

  @Override
  public void backward() {
    if (place.input().gradient() != 0) {
      place
          .device()
          .launch(
              backward,
              grid(),
              place.step(),
              output.values().gradient(),
              places(),
              place.input().gradient(),
              place.input().channels(),
              plane());
    }
  }

  @Override
  public Activations output() {
    return output.values();
  }

  @Override
  public void close() {
    output.close();
    if (places != null) {
      places.close();
    }
  }
}
