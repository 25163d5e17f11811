package io.involution.cuda;

import io.involution.cuda.driver.CudaDevice;
import io.involution.cuda.driver.CudaFault;
import io.involution.cuda.layer.ShardOnDevice;
import io.involution.data.Shard;
import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * The shards that stay on a device from round to round: those that were used last, as long as they
 * take no more than half of what memory there is for them. A shard is known by its identity.
 */
final class ShardsOnDevice implements AutoCloseable {
  private final CudaDevice device;

  /** The one that was used last is first. */
  private final Deque<Resident> residents = new ArrayDeque<>();

  /** A shard on the device; the one on the host may be gone. */
  private record Resident(WeakReference<Shard> host, ShardOnDevice copy) {}

  ShardsOnDevice(CudaDevice device) {
    this.device = device;
  }

  /** A shard on the device; copied there if it is not. */
  ShardOnDevice of(Shard shard) {
    for (Iterator<Resident> all = residents.iterator(); all.hasNext(); ) {
      Resident resident = all.next();
      if (resident.host.get() == shard) {
        all.remove();
        residents.addFirst(resident);
        return resident.copy;
      }
    }
    makeRoom(shard.pixels().length);
    ShardOnDevice copy = copy(shard);
    residents.addFirst(new Resident(new WeakReference<>(shard), copy));
    return copy;
  }

  private void makeRoom(long needed) {
    residents.removeIf(
        resident -> {
          boolean gone = resident.host.get() == null;
          if (gone) {
            resident.copy.close();
          }
          return gone;
        });
    if (residents.isEmpty()) {
      return;
    }
    long bound = (bytes() + device.freeBytes()) / 2;
    while (!residents.isEmpty() && bytes() + needed > bound) {
      residents.removeLast().copy.close();
    }
  }

  /** Copies a shard, which need not stay; where the others leave too little, in their place. */
  ShardOnDevice copy(Shard shard) {
    try {
      return attempt(shard);
    } catch (CudaFault e) {
      if (e.kind() != CudaFault.Kind.OUT_OF_MEMORY || residents.isEmpty()) {
        throw e;
      }
      close();
      return attempt(shard);
    }
  }

  private ShardOnDevice attempt(Shard shard) {
    return device.allOrNothing(() -> new ShardOnDevice(device, shard));
  }

  /** Bytes of all shards. */
  long bytes() {
    return residents.stream().mapToLong(resident -> resident.copy.bytes()).sum();
  }

  @Override
  public void close() {
    residents.forEach(resident -> resident.copy.close());
    residents.clear();
  }
}
