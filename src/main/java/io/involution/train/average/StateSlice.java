package io.involution.train.average;

import io.involution.model.state.ModelState;
import io.involution.model.state.StateStream;
import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;

/**
 * One of several slices of a model state, on its way from one JVM to another. The slices cover
 * every entry of every section once; within a section their sizes differ by at most one, and may be
 * 0. Before it is sent, a slice is a view: its entries are read from the state's own arrays while
 * they are written. This matters because Spark's writers keep all slices until the last one is
 * written, which would be a second copy of the state.
 */
final class StateSlice implements Externalizable {
  private static final long serialVersionUID = 1L;

  private ModelState state;
  private int index;
  private int count;

  /** For deserialization only. */
  public StateSlice() {}

  /**
   * A view of a slice.
   *
   * @param state the whole state, of which nothing is copied
   * @param index 0 to {@code count - 1}
   * @param count number of slices
   */
  StateSlice(ModelState state, int index, int count) {
    if (index < 0 || index >= count) {
      throw new IllegalArgumentException("slice " + index + " of " + count);
    }
    this.state = state;
    this.index = index;
    this.count = count;
  }

  /** The one slice that is the whole state. */
  static StateSlice whole(ModelState state) {
    return new StateSlice(state, 0, 1);
  }

  /** First entry of a slice in a section of a given length, and so the end of the slice before. */
  static int border(int length, int index, int count) {
    return (int) ((long) length * index / count);
  }

  /** The slice as a state of its own, after it has been sent. */
  ModelState received() {
    if (count != 1) {
      throw new IllegalStateException("not sent yet: slice " + index + " of " + count);
    }
    return state;
  }

  @Override
  public void writeExternal(ObjectOutput out) throws IOException {
    StateStream.write(
        out,
        state,
        length -> border(length, index, count),
        length -> border(length, index + 1, count));
  }

  @Override
  public void readExternal(ObjectInput in) throws IOException {
    state = StateStream.read(in);
    index = 0;
    count = 1;
  }
}
