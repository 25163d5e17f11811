package io.involution.spark.exchange;

import io.involution.model.state.ModelState;
import io.involution.model.state.StateStream;
import io.involution.train.average.Slice;
import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;

/**
 * A slice of a model state on its way between JVMs. Where it is made, it is a view: the entries are
 * taken from the state's own arrays while they are written. That matters because Spark's writers
 * hold on to every slice until the last is written, which would be a second copy of the state.
 */
final class StateSlice implements Externalizable {
  private static final long serialVersionUID = 1L;

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
    StateStream.write(out, state, slice::from, slice::to);
  }

  @Override
  public void readExternal(ObjectInput in) throws IOException {
    state = StateStream.read(in);
    slice = Slice.WHOLE;
  }
}
