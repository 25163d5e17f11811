package io.involution.spark;

import io.involution.model.ModelState;
import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A slice of a model state on its way between JVMs. Where it is made, it is a view: the entries are
 * taken from the state's own arrays while they are written. That matters because Spark's writers
 * hold on to every slice until the last is written, which would be a second copy of the state.
 */
final class StateSlice implements Externalizable {
  private static final long serialVersionUID = 1L;
  private static final int CHUNK_BYTES = 64 * 1024;

  private ModelState state;
  private Slice slice;

  /** For deserialization only. */
  public StateSlice() {}

  /**
   * A view of a slice.
   *
   * @param state the whole, of which nothing is copied
   * @param slice the part to send
   */
  StateSlice(ModelState state, Slice slice) {
    this.state = state;
    this.slice = slice;
  }

  /** The part as a state of its own, once it has arrived. */
  ModelState received() {
    if (!slice.equals(Slice.WHOLE)) {
      throw new IllegalStateException("not sent yet: " + slice);
    }
    return state;
  }

  @Override
  public void writeExternal(ObjectOutput out) throws IOException {
    out.writeLong(state.steps());
    out.writeInt(state.names().size());
    byte[] chunk = new byte[CHUNK_BYTES];
    FloatBuffer floats = floats(chunk);
    for (String name : state.names()) {
      float[] section = state.section(name);
      int to = slice.to(section.length);
      out.writeUTF(name);
      out.writeInt(to - slice.from(section.length));
      for (int i = slice.from(section.length); i < to; ) {
        int size = Math.min(CHUNK_BYTES / Float.BYTES, to - i);
        floats.put(0, section, i, size);
        out.write(chunk, 0, size * Float.BYTES);
        i += size;
      }
    }
  }

  @Override
  public void readExternal(ObjectInput in) throws IOException {
    long steps = in.readLong();
    Map<String, float[]> sections = new LinkedHashMap<>();
    byte[] chunk = new byte[CHUNK_BYTES];
    FloatBuffer floats = floats(chunk);
    for (int left = in.readInt(); left > 0; left--) {
      String name = in.readUTF();
      float[] section = new float[in.readInt()];
      for (int i = 0; i < section.length; ) {
        int size = Math.min(CHUNK_BYTES / Float.BYTES, section.length - i);
        in.readFully(chunk, 0, size * Float.BYTES);
        floats.get(0, section, i, size);
        i += size;
      }
      sections.put(name, section);
    }
    state = new ModelState(steps, sections);
    slice = Slice.WHOLE;
  }

  private static FloatBuffer floats(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }
}
