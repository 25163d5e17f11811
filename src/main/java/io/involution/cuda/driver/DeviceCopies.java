package io.involution.cuda.driver;

import com.sun.jna.Pointer;

/**
 * Copies between the host and a device, in the stream's order. What is written is first put into
 * pinned memory, so that no call waits for the device unless that memory is full.
 */
public final class DeviceCopies {
  private final DriverCall toDevice;
  private final DriverCall toHost;
  private final DriverCall fill;
  private final Pointer stream;
  private final Runnable synchronize;
  private final PinnedBuffer pinned;

  DeviceCopies(CudaLibrary library, Pointer stream, Runnable synchronize) {
    this.stream = stream;
    this.synchronize = synchronize;
    toDevice = library.call("cuMemcpyHtoDAsync_v2");
    toHost = library.call("cuMemcpyDtoHAsync_v2");
    fill = library.call("cuMemsetD8Async");
    pinned = new PinnedBuffer(library);
  }

  /** One piece of a copy: between pinned memory and a part of an array. */
  private interface Piece {
    void copy(Pointer pinned, int from, int count);
  }

  /** Writes a part of an array to the device. */
  public void write(long to, float[] values, int from, int count) {
    Piece piece = (memory, at, length) -> memory.write(0, values, from + at, length);
    write(to, count, Float.BYTES, piece);
  }

  /** Writes a part of an array to the device. */
  public void write(long to, int[] values, int from, int count) {
    Piece piece = (memory, at, length) -> memory.write(0, values, from + at, length);
    write(to, count, Integer.BYTES, piece);
  }

  /** Writes a part of an array to the device. */
  public void write(long to, byte[] values, int from, int count) {
    Piece piece = (memory, at, length) -> memory.write(0, values, from + at, length);
    write(to, count, Byte.BYTES, piece);
  }

  /** Reads as many values as the array has; waits for the device. */
  public void read(long from, float[] values) {
    Piece piece = (memory, at, length) -> memory.read(0, values, at, length);
    read(from, values.length, Float.BYTES, piece);
  }

  /** Reads as many values as the array has; waits for the device. */
  public void read(long from, int[] values) {
    Piece piece = (memory, at, length) -> memory.read(0, values, at, length);
    read(from, values.length, Integer.BYTES, piece);
  }

  /** Reads as many values as the array has; waits for the device. */
  public void read(long from, double[] values) {
    Piece piece = (memory, at, length) -> memory.read(0, values, at, length);
    read(from, values.length, Double.BYTES, piece);
  }

  /** Sets bytes to 0; can be recorded. */
  public void zero(long to, long bytes) {
    fill.call(to, (byte) 0, bytes, stream);
  }

  private void write(long to, int count, int size, Piece piece) {
    for (int at = 0; at < count; ) {
      if (pinned.free() < Math.min((long) (count - at) * size, PinnedBuffer.BYTES / 2)) {
        synchronize.run();
      }
      int length = Math.min(count - at, pinned.free() / size);
      Pointer memory = pinned.take(length * size);
      piece.copy(memory, at, length);
      toDevice.call(to + (long) at * size, memory, (long) length * size, stream);
      at += length;
    }
  }

  private void read(long from, int count, int size, Piece piece) {
    synchronize.run();
    for (int at = 0; at < count; ) {
      int length = Math.min(count - at, pinned.free() / size);
      Pointer memory = pinned.take(length * size);
      toHost.call(memory, from + (long) at * size, (long) length * size, stream);
      synchronize.run();
      piece.copy(memory, at, length);
      at += length;
    }
  }

  void clear() {
    pinned.clear();
  }

  void close() {
    pinned.close();
  }
}
