package io.involution.cuda.driver;

import com.sun.jna.Pointer;
import java.util.ArrayList;
import java.util.List;

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

  /** What is left to do when enqueued copies have reached the pinned memory. */
  private final List<Runnable> arrivals = new ArrayList<>();

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

  /**
   * A part of an array and its place on the device.
   *
   * @param device address of the first value there
   * @param from index of the first value in the array
   * @param count how many values
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Part(long device, float[] array, int from, int count) {}

  /** Enqueues the writing of parts. */
  public void write(List<Part> parts) {
    parts.forEach(part -> write(part.device, part.array, part.from, part.count));
  }

  /** Reads parts; waits for the device, once if the pinned memory holds all. */
  public void read(List<Part> parts) {
    for (Part part : parts) {
      Piece piece = (memory, at, length) -> memory.read(0, part.array, part.from + at, length);
      enqueue(part.device, part.count, Float.BYTES, piece);
    }
    arrive();
  }

  /** Reads as many values as the array has; waits for the device. */
  public void read(long from, float[] values) {
    read(List.of(new Part(from, values, 0, values.length)));
  }

  /** Reads as many values as the array has; waits for the device. */
  public void read(long from, int[] values) {
    Piece piece = (memory, at, length) -> memory.read(0, values, at, length);
    enqueue(from, values.length, Integer.BYTES, piece);
    arrive();
  }

  /** Reads as many values as the array has; waits for the device. */
  public void read(long from, double[] values) {
    Piece piece = (memory, at, length) -> memory.read(0, values, at, length);
    enqueue(from, values.length, Double.BYTES, piece);
    arrive();
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

  /** Enqueues a copy to pinned memory; its values are in the array after {@link #arrive}. */
  private void enqueue(long from, int count, int size, Piece piece) {
    for (int at = 0; at < count; ) {
      if (pinned.free() < Math.min((long) (count - at) * size, PinnedBuffer.BYTES / 2)) {
        arrive();
      }
      int start = at;
      int length = Math.min(count - at, pinned.free() / size);
      Pointer memory = pinned.take(length * size);
      toHost.call(memory, from + (long) at * size, (long) length * size, stream);
      arrivals.add(() -> piece.copy(memory, start, length));
      at += length;
    }
  }

  private void arrive() {
    try {
      synchronize.run();
      arrivals.forEach(Runnable::run);
    } finally {
      arrivals.clear();
    }
  }

  void clear() {
    pinned.clear();
  }

  void close() {
    pinned.close();
  }
}
