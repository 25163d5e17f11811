package io.involution.cuda.layer;

import io.involution.cuda.driver.CudaDevice;
import io.involution.cuda.driver.DeviceMemory;

/**
 * What a round's steps read on the device, and how far they have come. Kernels find it through
 * addresses that stay the same from round to round, so that one recorded step serves all rounds.
 */
public final class RoundOnDevice implements AutoCloseable {
  /** Places in the table of addresses, as examples.cu has them. */
  private static final int IMAGES = 0;

  private static final int LABELS = 1;
  private static final int ORDER = 2;
  private static final int VIEWS = 3;
  private static final int BOUNDS = 4;
  private static final int RATES = 5;
  private static final int ENTRIES = 6;

  /** Where the header and the number of the next step are behind the table, in bytes. */
  private static final int HEADER = 64;

  private static final int NEXT = 80;
  private static final int BYTES = 96;

  private final CudaDevice device;
  private final DeviceMemory memory;
  private final DeviceMemory[] arrays = new DeviceMemory[ENTRIES];
  private final int[] table = new int[2 * ENTRIES];

  /** Without a round. */
  public RoundOnDevice(CudaDevice device) {
    this.device = device;
    memory = device.allocate(BYTES);
  }

  /**
   * Begins a round at its first step.
   *
   * @param shard the examples
   * @param order indices in the shard, in the order in which the steps take them
   * @param views the code of each example's view, by index in the shard; empty for unchanged images
   * @param bounds step i takes what {@code order} holds from {@code bounds[i]}, inclusive, to
   *     {@code bounds[i + 1]}, exclusive
   * @param rates what the end of each step reads; empty when no parameters are changed
   */
  public void begin(ShardOnDevice shard, int[] order, long[] views, int[] bounds, float[] rates) {
    set(IMAGES, shard.images());
    set(LABELS, shard.labels());
    device.write(set(ORDER, order.length), order);
    if (views.length == 0) {
      set(VIEWS, 0L);
    } else {
      device.write(set(VIEWS, 2 * views.length), halves(views));
    }
    device.write(set(BOUNDS, bounds.length), bounds);
    device.write(set(RATES, rates.length), rates);
    device.write(memory.address(), table);
    device.write(next(), 0);
  }

  /**
   * Makes the round's first step the next one again, with other examples.
   *
   * @param from the step takes what the order holds from here, inclusive
   * @param to to here, exclusive
   */
  public void minibatch(int from, int to) {
    device.write(arrays[BOUNDS].address(), from, to);
    device.write(next(), 0);
  }

  /** Address of the table of addresses. */
  public long table() {
    return memory.address();
  }

  /** Address of the step's header {examples, first, number, 0}, which the first kernel writes. */
  public long header() {
    return memory.address() + HEADER;
  }

  /** Address of the number of the step that is taken next. */
  public long next() {
    return memory.address() + NEXT;
  }

  private void set(int entry, long address) {
    System.arraycopy(halves(address), 0, table, 2 * entry, 2);
  }

  /** Each as two entries, the lower half first, as the device reads it. */
  private static int[] halves(long... values) {
    int[] halves = new int[2 * values.length];
    for (int i = 0; i < values.length; i++) {
      halves[2 * i] = (int) values[i];
      halves[2 * i + 1] = (int) (values[i] >>> Integer.SIZE);
    }
    return halves;
  }

  /** The address of an array of so many four-byte entries, with as much memory as it needs. */
  private long set(int entry, int length) {
    long bytes = Math.max(1, (long) Integer.BYTES * length);
    if (arrays[entry] == null || arrays[entry].bytes() < bytes) {
      if (arrays[entry] != null) {
        arrays[entry].close();
        // If there is no memory for the new one, the next round must not take the old one for good.
        arrays[entry] = null;
      }
      arrays[entry] = device.allocate(bytes);
    }
    set(entry, arrays[entry].address());
    return arrays[entry].address();
  }

  @Override
  public void close() {
    memory.close();
    for (DeviceMemory array : arrays) {
      if (array != null) {
        array.close();
      }
    }
  }
}
