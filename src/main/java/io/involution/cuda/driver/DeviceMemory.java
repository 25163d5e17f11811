package io.involution.cuda.driver;

/** Memory of a device; nothing is in it before it is written. */
public final class DeviceMemory implements AutoCloseable {
  private static final int ALIGNMENT = 256;

  private final CudaDevice device;
  private final long address;
  private final long bytes;

  DeviceMemory(CudaDevice device, long address, long bytes) {
    this.device = device;
    this.address = address;
    this.bytes = bytes;
  }

  /** Where it begins on the device; aligned to 256 bytes. */
  public long address() {
    return address;
  }

  /** The least number of floats, this or more, behind which an allocation could begin. */
  public static long aligned(long floats) {
    int each = ALIGNMENT / Float.BYTES;
    return (floats + each - 1) / each * each;
  }

  /** Where the entry of an array of floats or integers is. */
  public long floatsAt(long index) {
    return address + Float.BYTES * index;
  }

  /** Its size. */
  public long bytes() {
    return bytes;
  }

  @Override
  public void close() {
    device.free(this);
  }
}
