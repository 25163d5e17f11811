package io.involution.cuda.driver;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;

/** Makes a stream's launches into one that can be repeated. */
final class GraphRecorder {
  /** Other threads may use the context while this one records. */
  private static final int THREAD_LOCAL = 1;

  private final CudaLibrary library;
  private final Pointer stream;

  GraphRecorder(CudaLibrary library, Pointer stream) {
    this.library = library;
    this.stream = stream;
  }

  /**
   * Records what is launched meanwhile, instead of running it.
   *
   * @return the driver's executable graph
   */
  Pointer record(Runnable launches) {
    library.call("cuStreamBeginCapture_v2").call(stream, THREAD_LOCAL);
    try {
      launches.run();
    } catch (RuntimeException e) {
      library.call("cuStreamEndCapture").attempt(stream, new PointerByReference());
      throw e;
    }
    PointerByReference recorded = new PointerByReference();
    library.call("cuStreamEndCapture").call(stream, recorded);
    try {
      return executable(recorded.getValue());
    } finally {
      library.call("cuGraphDestroy").attempt(recorded.getValue());
    }
  }

  private Pointer executable(Pointer graph) {
    // CUDA 11.4's; before it, the function with a log.
    return library.has("cuGraphInstantiateWithFlags")
        ? library.made("cuGraphInstantiateWithFlags", graph, 0L)
        : library.made("cuGraphInstantiate_v2", graph, null, null, 0L);
  }
}
