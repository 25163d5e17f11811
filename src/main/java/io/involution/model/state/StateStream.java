package io.involution.model.state;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/**
 * A model state as bytes, in files and between JVMs: steps, number of sections, and for each
 * section its name, length and little-endian float32 values, written in chunks. Java's own
 * serialization of a float array copies every entry individually, which takes several times as
 * long.
 */
public final class StateStream {
  private static final int CHUNK_BYTES = 64 * 1024;
  private static final int MOST_SECTIONS = 10_000;

  private StateStream() {}

  /** Writes a state. */
  public static void write(DataOutput out, ModelState state) throws IOException {
    write(out, state, length -> 0, length -> length);
  }

  /**
   * Writes a range of each section of a state.
   *
   * @param out the stream to write to
   * @param state the state, which is copied only chunk by chunk
   * @param from maps the section's length to the first entry to write
   * @param to maps the section's length to the entry after the last
   */
  public static void write(
      DataOutput out, ModelState state, IntUnaryOperator from, IntUnaryOperator to)
      throws IOException {
    out.writeLong(state.steps());
    out.writeInt(state.names().size());
    byte[] chunk = new byte[CHUNK_BYTES];
    FloatBuffer floats = floats(chunk);
    for (String name : state.names()) {
      float[] section = state.section(name);
      int end = to.applyAsInt(section.length);
      int begin = from.applyAsInt(section.length);
      out.writeUTF(name);
      out.writeInt(end - begin);
      for (int i = begin; i < end; ) {
        int size = Math.min(CHUNK_BYTES / Float.BYTES, end - i);
        floats.put(0, section, i, size);
        out.write(chunk, 0, size * Float.BYTES);
        i += size;
      }
    }
  }

  /**
   * Reads what {@link #write} has written.
   *
   * @throws IOException when the input is not a state; the message says why
   */
  public static ModelState read(DataInput in) throws IOException {
    return read(in, Integer.MAX_VALUE);
  }

  /**
   * The same for an input of at most {@code bytes} bytes, so that a damaged length does not cause a
   * large allocation.
   */
  static ModelState read(DataInput in, int bytes) throws IOException {
    long steps = in.readLong();
    int count = in.readInt();
    if (count < 0 || count > MOST_SECTIONS) {
      throw new IOException("it claims " + count + " sections");
    }
    Map<String, float[]> sections = new LinkedHashMap<>();
    byte[] chunk = new byte[CHUNK_BYTES];
    FloatBuffer floats = floats(chunk);
    for (int left = count; left > 0; left--) {
      String name = in.readUTF();
      int length = in.readInt();
      if (length < 0 || length > bytes / Float.BYTES) {
        throw new IOException("section " + name + " claims " + length + " entries");
      }
      float[] section = new float[length];
      for (int i = 0; i < section.length; ) {
        int size = Math.min(CHUNK_BYTES / Float.BYTES, section.length - i);
        in.readFully(chunk, 0, size * Float.BYTES);
        floats.get(0, section, i, size);
        i += size;
      }
      sections.put(name, section);
    }
    return new ModelState(steps, sections);
  }

  private static FloatBuffer floats(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }
}
