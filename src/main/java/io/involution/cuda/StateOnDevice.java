package io.involution.cuda;

import io.involution.cuda.driver.CudaDevice;
import io.involution.cuda.driver.DeviceCopies;
import io.involution.cuda.driver.DeviceMemory;
import io.involution.cuda.update.VectorsOnDevice;
import io.involution.model.state.ModelState;
import java.util.ArrayList;
import java.util.List;

/**
 * All that training changes, on a device: parameters and moments, and the counters of steps as
 * {@link io.involution.model.state.GraphState} keeps them.
 */
final class StateOnDevice implements AutoCloseable {
  private final CudaDevice device;
  private final MomentLayout layout;
  private final DeviceMemory memory;
  private final VectorsOnDevice vectors;

  private int iteration;
  private int before;

  /** Memory for a network; nothing is in it yet. */
  StateOnDevice(CudaDevice device, MomentLayout layout) {
    this.device = device;
    this.layout = layout;
    int length = layout.parameters();
    // Every vector begins where an allocation of its own would.
    long each = ((long) length * Float.BYTES + 255) / 256 * 256;
    memory = device.allocate(4 * each);
    long start = memory.address();
    vectors = new VectorsOnDevice(start, start + each, start + 2 * each, start + 3 * each, length);
  }

  /** The vectors. */
  VectorsOnDevice vectors() {
    return vectors;
  }

  /** Steps since the updater was created. */
  int iteration() {
    return iteration;
  }

  /** Steps before that. */
  int before() {
    return before;
  }

  /** Counts steps that were taken. */
  void count(int steps) {
    iteration = Math.addExact(iteration, steps);
  }

  /**
   * Overwrites it.
   *
   * @param state an empty updater state resets the updater
   * @throws IllegalArgumentException when the state is another network's
   */
  void restore(ModelState state) {
    boolean fresh = state.updater().length == 0;
    require(state.parameters().length, layout.parameters(), "parameters");
    require(fresh ? layout.state() : state.updater().length, layout.state(), "updater state");
    int steps = Math.toIntExact(state.steps());
    device.write(vectors.parameters(), state.parameters());
    if (fresh) {
      long bytes = (long) Float.BYTES * layout.parameters();
      device.copies().zero(vectors.firstMoments(), bytes);
      device.copies().zero(vectors.secondMoments(), bytes);
    } else {
      device.copies().write(moments(state.updater()));
    }
    iteration = fresh ? 0 : steps;
    before = fresh ? steps : 0;
  }

  private static void require(int length, int needed, String what) {
    if (length != needed) {
      throw new IllegalArgumentException(
          what + " of " + length + " entries for a network of " + needed);
    }
  }

  private List<DeviceCopies.Part> moments(float[] updater) {
    return layout.parts(updater, vectors.firstMoments(), vectors.secondMoments());
  }

  /** Waits for the device and copies it. */
  ModelState capture() {
    float[] parameters = new float[layout.parameters()];
    float[] updater = new float[layout.state()];
    List<DeviceCopies.Part> parts = new ArrayList<>(moments(updater));
    parts.add(new DeviceCopies.Part(vectors.parameters(), parameters, 0, parameters.length));
    device.copies().read(parts);
    return ModelState.of((long) iteration + before, parameters, updater);
  }

  @Override
  public void close() {
    memory.close();
  }
}
