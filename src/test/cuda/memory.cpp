// Device memory: the host's, filled with NaN, with guards on both sides of every allocation.
#include <stdlib.h>
#include <string.h>
#include "settings.h"
#include "state.h"

namespace cuda_on_cpu {
static const size_t GUARD = 256;
static const unsigned char MARK = 0xa5;

State& state() {
  static State* it = new State;  // never destroyed: a stream may be in use while the process ends
  return *it;
}

Result allocate(int number, uint64_t* address, size_t bytes) {
  Device& device = state().devices[number];
  size_t all = cuda_on_cpu::number("MEMORY", 1LL << 34, number);
  if (bytes == 0) return fail(INVALID_VALUE, "an allocation of 0 bytes");
  if (bytes > all - device.used) return fail(OUT_OF_MEMORY, std::to_string(bytes) + " bytes of device memory");
  size_t whole = (bytes + GUARD - 1) / GUARD * GUARD + 2 * GUARD;
  char* at = static_cast<char*>(aligned_alloc(GUARD, whole));
  if (at == nullptr) return fail(OUT_OF_MEMORY, "the host's memory is used up");
  memset(at, MARK, whole);
  memset(at + GUARD, cuda_on_cpu::number("INSTANT", 0) != 0 ? 0 : 0xff, bytes);
  *address = reinterpret_cast<uint64_t>(at + GUARD);
  device.memory[*address] = bytes;
  device.used += bytes;
  return SUCCESS;
}

Result release(int number, uint64_t address) {
  Device& device = state().devices[number];
  auto found = device.memory.find(address);
  if (found == device.memory.end()) return fail(INVALID_VALUE, "memory that is not allocated is freed");
  device.used -= found->second;
  device.memory.erase(found);
  free(reinterpret_cast<char*>(address) - GUARD);
  return SUCCESS;
}

Result inBounds(int number, uint64_t address, size_t bytes, const char* what) {
  Device& device = state().devices[number];
  auto next = device.memory.upper_bound(address);
  if (next != device.memory.begin()) {
    auto found = std::prev(next);
    if (address - found->first <= found->second && bytes <= found->second - (address - found->first)) return SUCCESS;
  }
  return fail(INVALID_VALUE, std::string(what) + ": " + std::to_string(bytes) + " bytes are not within device memory");
}

Result guardsHold(int number, const char* after) {
  for (auto& [address, bytes] : state().devices[number].memory) {
    const unsigned char* at = reinterpret_cast<unsigned char*>(address);
    for (size_t i = 1; i <= GUARD; i++) {
      bool below = at[-(ptrdiff_t)i] != MARK, above = at[bytes + i - 1] != MARK;
      if (below || above) {
        return fail(ILLEGAL_ADDRESS, std::string(after) + " wrote " + std::to_string(i) + " bytes " +
                                         (below ? "before" : "after") + " an allocation of " + std::to_string(bytes));
      }
    }
  }
  return SUCCESS;
}
}  // namespace cuda_on_cpu
