package io.involution.cuda.driver;

import com.sun.jna.ptr.LongByReference;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;

/** The memory that a device in use has taken, in the context that the thread has. */
final class Allocations {
  private final CudaLibrary library;
  private final DeviceFacts facts;
  private final Set<DeviceMemory> taken = new HashSet<>();

  Allocations(CudaLibrary library, DeviceFacts facts) {
    this.library = library;
    this.facts = facts;
  }

  /** Free memory of the device, in bytes. */
  long freeBytes() {
    LongByReference free = new LongByReference();
    library.call("cuMemGetInfo_v2").call(free, new LongByReference());
    return free.getValue();
  }

  /** Memory for at least one byte, which a device frees. */
  DeviceMemory allocate(CudaDevice device, long bytes) {
    LongByReference address = new LongByReference();
    try {
      library.call("cuMemAlloc_v2").call(address, Math.max(1, bytes));
    } catch (CudaFault e) {
      if (e.kind() != CudaFault.Kind.OUT_OF_MEMORY) {
        throw e;
      }
      throw e.about(CudaFault.shortage(bytes, freeBytes(), facts.memoryBytes()));
    }
    DeviceMemory made = new DeviceMemory(device, address.getValue(), bytes);
    taken.add(made);
    return made;
  }

  /** Makes something; where that fails, frees the memory that was taken meanwhile. */
  <T> T allOrNothing(Supplier<T> maker) {
    Set<DeviceMemory> before = Set.copyOf(taken);
    try {
      return maker.get();
    } catch (RuntimeException e) {
      closeAllBut(before);
      throw e;
    }
  }

  /** Whether memory was still taken; it no longer is. */
  boolean remove(DeviceMemory freed) {
    return taken.remove(freed);
  }

  /** Frees all memory. */
  void close() {
    closeAllBut(Set.of());
  }

  private void closeAllBut(Set<DeviceMemory> kept) {
    Set.copyOf(taken).stream().filter(one -> !kept.contains(one)).forEach(DeviceMemory::close);
  }
}
