package io.involution.cuda.layer.norm;

import io.involution.cuda.driver.DeviceMemory;
import io.involution.cuda.layer.Activations;
import io.involution.cuda.layer.DeviceLayer;
import io.involution.cuda.layer.LayerPlace;
import java.util.ArrayList;
import java.util.List;

/**
 * What several layers take from one: the same values for all, and for each a gradient of its own.
 * Its backward pass adds them up, in the order of the branches.
 */
public final class BranchesOnDevice implements DeviceLayer {
  private final LayerPlace place;
  private final Elementwise add;
  private final DeviceMemory memory;
  private final List<Activations> branches = new ArrayList<>();

  /**
   * Takes memory for all gradients but the first one's, which is that of what is branched.
   *
   * @param place its input is what is branched
   * @param count how many layers take it, at least two
   */
  public BranchesOnDevice(LayerPlace place, int count) {
    this.place = place;
    add = new Elementwise(place, "add_values");
    Activations input = place.input();
    long each = DeviceMemory.aligned((long) place.capacity() * input.size());
    memory = place.device().allocate((count - 1L) * Float.BYTES * each);
    branches.add(input);
    for (int i = 0; i < count - 1; i++) {
      branches.add(
          new Activations(
              input.values(),
              memory.floatsAt(i * each),
              input.channels(),
              input.height(),
              input.width()));
    }
  }

  /** One for each layer that takes it. */
  public List<Activations> all() {
    return List.copyOf(branches);
  }

  /** Nothing: the values are there. */
  @Override
  public void forward(boolean training) {}

  @Override
  public void backward() {
    for (Activations branch : branches.subList(1, branches.size())) {
      add.launch(branch.gradient(), place.input().gradient());
    }
  }

  @Override
  public Activations output() {
    return place.input();
  }

  @Override
  public void close() {
    memory.close();
  }
}
