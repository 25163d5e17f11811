package io.involution.cuda.layer.norm;

import io.involution.cuda.driver.Grid;
import io.involution.cuda.driver.Kernel;
import io.involution.cuda.layer.LayerPlace;
import java.util.ArrayList;
import java.util.List;

/** A kernel of elementwise.cu that takes a minibatch's values one by one. */
final class Elementwise {
  private static final int THREADS = 256;

  /** Values of a thread, as elementwise.cu has it. */
  private static final int EACH = 4;

  private final LayerPlace place;
  private final Kernel kernel;

  /** Loads a kernel, for values of the shape of a layer's input. */
  Elementwise(LayerPlace place, String name) {
    this.place = place;
    kernel = place.device().kernel("elementwise", name);
  }

  /** Enqueues it, with what follows the number of an example's values. */
  void launch(Object... rest) {
    int size = place.input().size();
    List<Object> arguments = new ArrayList<>(List.of(place.step(), size));
    arguments.addAll(List.of(rest));
    int blocks = Grid.parts((long) place.capacity() * size, EACH * THREADS);
    place.device().launch(kernel, new Grid(blocks, THREADS), arguments.toArray());
  }
}
