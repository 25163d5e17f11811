package io.involution.layers.array;

import java.nio.Buffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.Locale;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Native memory of one element type with bulk copies from and to Java arrays. Several threads may
 * copy at the same time; as an operand of a product, memory that several threads use must be used
 * at one offset.
 *
 * @param <A> {@code float[]} or {@code double[]}
 */
public final class NativeReals<A> implements AutoCloseable {
  private final Pointer pointer;
  private final Buffer buffer;
  private final boolean owned;

  private NativeReals(Pointer pointer, Buffer buffer, boolean owned) {
    this.pointer = pointer;
    this.buffer = buffer;
    this.owned = owned;
  }

  /** Memory of {@code length} zeros. */
  static <A> NativeReals<A> allocate(DataType type, long length) {
    requireBuffer(type, length);
    Pointer memory = type == DataType.FLOAT ? new FloatPointer(length) : new DoublePointer(length);
    NativeReals<A> reals = new NativeReals<>(memory, memory.asBuffer(), true);
    reals.zero(length);
    return reals;
  }

  /** The elements of a contiguous array in c order; valid as long as the array is. */
  static <A> NativeReals<A> view(DataType type, INDArray array) {
    requireBuffer(type, array.length());
    Pointer address = array.data().addressPointer();
    Pointer memory =
        type == DataType.FLOAT ? new FloatPointer(address) : new DoublePointer(address);
    memory.capacity(array.length());
    return new NativeReals<>(memory, memory.asBuffer(), false);
  }

  /** JavaCPP ends a longer buffer at 2 GiB without a word, and copies beyond it fail. */
  private static void requireBuffer(DataType type, long length) {
    if (length > Integer.MAX_VALUE / type.width()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "an array of %,d elements of %s has 2 GiB or more, too much for a layer on the CPU:"
                  + " use a smaller batch size",
              length,
              type));
    }
  }

  /**
   * The same memory for one more thread, which may use it at offsets of its own; valid as long as
   * this is.
   */
  public NativeReals<A> shared() {
    Pointer again =
        pointer instanceof FloatPointer ? new FloatPointer(pointer) : new DoublePointer(pointer);
    return new NativeReals<>(again, buffer, false);
  }

  /** The memory from an element on, as an operand of a product. */
  Pointer at(long position) {
    if (pointer.position() != position) {
      pointer.position(position);
    }
    return pointer;
  }

  /** Copies {@code count} elements from {@code at} on into a Java array. */
  public void get(int at, A to, int toAt, int count) {
    if (buffer instanceof FloatBuffer floats) {
      floats.get(at, (float[]) to, toAt, count);
    } else {
      ((DoubleBuffer) buffer).get(at, (double[]) to, toAt, count);
    }
  }

  /** Copies {@code count} elements of a Java array to {@code at} and on. */
  public void put(int at, A from, int fromAt, int count) {
    if (buffer instanceof FloatBuffer floats) {
      floats.put(at, (float[]) from, fromAt, count);
    } else {
      ((DoubleBuffer) buffer).put(at, (double[]) from, fromAt, count);
    }
  }

  /** Sets the first {@code count} elements to zero. */
  public void zero(long count) {
    Pointer.memset(at(0), 0, count * pointer.sizeof());
  }

  /** Frees memory that was allocated here; a view's memory is its array's. */
  @Override
  public void close() {
    if (owned) {
      pointer.close();
    }
  }
}
