package io.involution.cuda.driver;

import com.sun.jna.Pointer;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A device in use: a stream of its own in the process' context, memory, kernels. Everything runs in
 * the order of its calls. For use by one thread at a time; several may be open on one device.
 */
public final class CudaDevice implements AutoCloseable {
  private static final int NON_BLOCKING = 1;

  /** Whose context the thread has. */
  private static final ThreadLocal<CudaDevice> CURRENT = new ThreadLocal<>();

  private final CudaLibrary library;
  private final DeviceFacts facts;
  private final int device;
  private final Pointer context;
  private final Pointer stream;
  private final Modules modules;
  private final DeviceCopies copies;
  private final GraphRecorder recorder;
  private final LaunchArguments values = new LaunchArguments();
  private final DriverCall launch;
  private final DriverCall replay;
  private final Allocations memory;
  private final Set<CudaGraph> graphs = new HashSet<>();
  private boolean closed;

  private CudaDevice(CudaLibrary library, int ordinal) {
    this.library = library;
    facts = library.facts(ordinal);
    memory = new Allocations(library, facts);
    device = library.device(ordinal);
    launch = library.call("cuLaunchKernel");
    replay = library.call("cuGraphLaunch");
    context = library.made("cuDevicePrimaryCtxRetain", device);
    Pointer made = null;
    try {
      enter();
      made = library.made("cuStreamCreate", NON_BLOCKING);
      stream = made;
      recorder = new GraphRecorder(library, stream);
      modules = new Modules(library, facts);
      copies = new DeviceCopies(library, stream, this::synchronize);
    } catch (RuntimeException e) {
      if (made != null) {
        // There was no pinned memory. The context, which others may have too, would keep it.
        library.call("cuStreamDestroy_v2").attempt(made);
      }
      leave();
      throw e;
    }
  }

  /**
   * Opens a device.
   *
   * @param ordinal its number in this process
   * @throws CudaFault when there is none of that number, or it cannot be used
   */
  public static CudaDevice open(CudaLibrary library, int ordinal) {
    return new CudaDevice(library, ordinal);
  }

  /** What the device is. */
  public DeviceFacts facts() {
    return facts;
  }

  /** Free memory of the device, in bytes; others take of it too. */
  public long freeBytes() {
    enter();
    return memory.freeBytes();
  }

  /**
   * Memory for at least one byte; freed with the device or by {@link DeviceMemory#close()}.
   *
   * @throws CudaFault when the device has too little left
   */
  public DeviceMemory allocate(long bytes) {
    enter();
    return memory.allocate(this, bytes);
  }

  /** Makes something; where that fails, frees what it has allocated on this device. */
  public <T> T allOrNothing(Supplier<T> maker) {
    return memory.allOrNothing(maker);
  }

  /**
   * A kernel; to be asked for before a recording, since it may have to be compiled.
   *
   * @param module name of the resource under io/involution/cuda, without .ptx
   * @param name of the function
   * @throws CudaFault when the driver cannot compile or find it
   */
  public Kernel kernel(String module, String name) {
    enter();
    return modules.kernel(module, name);
  }

  /**
   * Enqueues or records a kernel.
   *
   * @param arguments Long (an address), Integer or Float, as many as the kernel has
   */
  public void launch(Kernel kernel, Grid grid, Object... arguments) {
    enter();
    launch.call(
        kernel.function(),
        grid.x(),
        grid.y(),
        grid.z(),
        grid.threads(),
        1,
        1,
        0,
        stream,
        values.of(kernel, arguments),
        null);
  }

  /** Records what is launched meanwhile, instead of running it. */
  public CudaGraph capture(Runnable launches) {
    enter();
    CudaGraph made = new CudaGraph(this, recorder.record(launches), stream);
    graphs.add(made);
    return made;
  }

  /** Enqueues recorded launches. */
  public void replay(CudaGraph graph) {
    enter();
    replay.call(graph.launch());
  }

  /** Copies between the host and the device, and zeros. */
  public DeviceCopies copies() {
    enter();
    return copies;
  }

  /** Enqueues a copy to the device; the array may be changed when this returns. */
  public void write(long to, float... values) {
    copies().write(to, values, 0, values.length);
  }

  /** Enqueues a copy to the device; the array may be changed when this returns. */
  public void write(long to, int... values) {
    copies().write(to, values, 0, values.length);
  }

  /** Enqueues a copy to the device; the array may be changed when this returns. */
  public void write(long to, byte... values) {
    copies().write(to, values, 0, values.length);
  }

  /** Waits for the device and reads from it. */
  public float[] readFloats(long from, int count) {
    float[] values = new float[count];
    copies().read(from, values);
    return values;
  }

  /** Waits for the device and reads from it. */
  public int[] readInts(long from, int count) {
    int[] values = new int[count];
    copies().read(from, values);
    return values;
  }

  /** Waits for the device and reads from it. */
  public double[] readDoubles(long from, int count) {
    double[] values = new double[count];
    copies().read(from, values);
    return values;
  }

  /**
   * Waits for all that was enqueued.
   *
   * @throws CudaFault when some of it failed
   */
  public void synchronize() {
    enter();
    library.call("cuStreamSynchronize").call(stream);
    copies.clear();
  }

  void free(DeviceMemory freed) {
    if (memory.remove(freed)) {
      enter();
      library.call("cuMemFree_v2").attempt(freed.address());
    }
  }

  void free(CudaGraph freed) {
    if (graphs.remove(freed)) {
      enter();
      library.call("cuGraphExecDestroy").attempt(freed.executable());
    }
  }

  /** Gives back all that was taken; does not fail when the device is lost. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    try {
      enter();
    } catch (CudaFault e) {
      // The device is lost: the driver frees what it holds with the context.
      closed = true;
      leave();
      return;
    }
    closed = true;
    library.call("cuStreamSynchronize").attempt(stream);
    Set.copyOf(graphs).forEach(CudaGraph::close);
    memory.close();
    copies.close();
    modules.close();
    library.call("cuStreamDestroy_v2").attempt(stream);
    leave();
  }

  /** The context ends with the last one who leaves. */
  private void leave() {
    CURRENT.remove();
    library.call("cuDevicePrimaryCtxRelease_v2").attempt(device);
  }

  private void enter() {
    if (closed && CURRENT.get() != this) {
      throw new IllegalStateException("the device is closed");
    }
    if (CURRENT.get() != this) {
      library.call("cuCtxSetCurrent").call(context);
      CURRENT.set(this);
    }
  }
}
