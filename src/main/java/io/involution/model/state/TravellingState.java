package io.involution.model.state;

import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;

/** What Java serialization sends instead of a model state, and turns into one again on arrival. */
final class TravellingState implements Externalizable {
  private static final long serialVersionUID = 1L;

  private ModelState state;

  /** For deserialization only. */
  public TravellingState() {}

  TravellingState(ModelState state) {
    this.state = state;
  }

  @Override
  public void writeExternal(ObjectOutput out) throws IOException {
    StateStream.write(out, state);
  }

  @Override
  public void readExternal(ObjectInput in) throws IOException {
    state = StateStream.read(in);
  }

  private Object readResolve() {
    return state;
  }
}
