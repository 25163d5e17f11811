// Runs a kernel's blocks on the CPU.
#pragma once
#include <string>
#include "cuda_on_cpu.h"
#include "module.h"

namespace cuda_on_cpu {
/** The bytes of a module's shared memory: its library's thread-local variables. */
struct SharedMemory {
  size_t module = 0, bytes = 0;
};

struct Launch {
  const Kernel* kernel;
  SharedMemory shared;
  dim3 blocks, threads;
  void* const* arguments;
  /** 0 forward, 1 backward, other numbers: the seed of a shuffle of the blocks, warps and lanes. */
  unsigned order;
  /** Runs only so many blocks: neighbors from the beginning, the middle and the end; 0 for all. */
  size_t most = 0;
};

/** Runs all blocks of a launch and waits for them; the text of what went wrong, or nothing. */
std::string runBlocks(const Launch& launch);

/** What ThreadSanitizer is told: a launch begins after what was before it, and ends before what comes after it. */
void orderAfterHost();
void orderBeforeHost();

/** Runs one block in the calling thread. */
std::string runBlock(const Launch& launch, dim3 block);
}  // namespace cuda_on_cpu
