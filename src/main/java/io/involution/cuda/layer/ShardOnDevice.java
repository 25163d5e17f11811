package io.involution.cuda.layer;

import io.involution.cuda.driver.CudaDevice;
import io.involution.cuda.driver.DeviceMemory;
import io.involution.data.Shard;

/** A shard's images, uint8, and its labels, int32, on a device. */
public final class ShardOnDevice implements AutoCloseable {
  private final DeviceMemory images;
  private final DeviceMemory labels;

  /** Copies a shard to a device. */
  public ShardOnDevice(CudaDevice device, Shard shard) {
    images = device.allocate(shard.pixels().length);
    labels = device.allocate((long) Integer.BYTES * shard.size());
    device.write(images.address(), shard.pixels());
    int[] numbers = new int[shard.size()];
    for (int example = 0; example < numbers.length; example++) {
      numbers[example] = shard.label(example);
    }
    device.write(labels.address(), numbers);
  }

  /** Bytes on the device. */
  public long bytes() {
    return images.bytes() + labels.bytes();
  }

  long images() {
    return images.address();
  }

  long labels() {
    return labels.address();
  }

  @Override
  public void close() {
    images.close();
    labels.close();
  }
}
