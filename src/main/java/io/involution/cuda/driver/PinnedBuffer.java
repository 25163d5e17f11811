package io.involution.cuda.driver;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;

/**
 * Host memory that the device reads and writes by itself, for copies that go on beside the host's
 * work. Filled from its beginning; full, it waits for the stream and begins anew.
 */
final class PinnedBuffer {
  /** Fewer bytes make large copies slower, more make no difference. */
  static final int BYTES = 8 << 20;

  private static final int ALIGNMENT = 16;

  private final CudaLibrary library;
  private final Pointer memory;
  private int used;

  PinnedBuffer(CudaLibrary library) {
    this.library = library;
    PointerByReference pointer = new PointerByReference();
    library.call("cuMemHostAlloc").call(pointer, (long) BYTES, 0);
    memory = pointer.getValue();
  }

  /** How many bytes can be taken before the stream must be waited for. */
  int free() {
    return BYTES - used;
  }

  /** Forgets what it held: the stream has been waited for. */
  void clear() {
    used = 0;
  }

  /** The next bytes, at most {@link #free()}. */
  Pointer take(int bytes) {
    Pointer taken = memory.share(used, bytes);
    used = Math.min(BYTES, (used + bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
    return taken;
  }

  void close() {
    library.call("cuMemFreeHost").attempt(memory);
  }
}
