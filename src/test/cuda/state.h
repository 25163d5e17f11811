// The emulated driver's state: devices, memory, streams, modules. One lock guards all of it.
#pragma once
#include <pthread.h>
#include <stdint.h>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>
#include "modules.h"

namespace cuda_on_cpu {
/** CUresult: the codes that the emulation gives. */
enum Result {
  SUCCESS = 0,
  INVALID_VALUE = 1,
  OUT_OF_MEMORY = 2,
  NOT_INITIALIZED = 3,
  NO_DEVICE = 100,
  INVALID_DEVICE = 101,
  INVALID_IMAGE = 200,
  INVALID_CONTEXT = 201,
  NO_BINARY_FOR_GPU = 209,
  UNSUPPORTED_PTX_VERSION = 222,
  INVALID_HANDLE = 400,
  NOT_FOUND = 500,
  NOT_READY = 600,
  ILLEGAL_ADDRESS = 700,
  LAUNCH_OUT_OF_RESOURCES = 701,
  LAUNCH_FAILED = 719,
  STREAM_CAPTURE_UNSUPPORTED = 900,
  STREAM_CAPTURE_INVALIDATED = 901,
  UNKNOWN = 999
};

struct Module {
  int device;
  std::string text;
};

/** A kernel of a loaded module: CUfunction. */
struct Function {
  int device;
  Kernel kernel;
  SharedMemory shared;
};

using Operation = std::function<Result()>;

/** CUgraph and CUgraphExec. */
struct Graph {
  std::vector<Operation> operations;
};

struct Stream {
  int device;
  std::deque<Operation> queue;
  std::unique_ptr<Graph> capturing;
  bool invalidated = false;
  /** Whether no thread may spoil the recording, or only the one that records. */
  bool everywhere = false;
  pthread_t recorder{};
};

struct Device {
  /** Allocations by address: their bytes. */
  std::map<uintptr_t, size_t> memory;
  size_t used = 0;
  /** The first fault of the context; every later call gives it too. */
  Result lost = SUCCESS;
};

struct State {
  std::recursive_mutex lock;
  bool initialized = false;
  /** The machine's devices that are visible, by ordinal. */
  std::vector<int> visible;
  std::map<int, Device> devices;
  std::map<std::string, LoadedKernel> kernels;
  std::map<uintptr_t, size_t> hostMemory;
  std::vector<std::unique_ptr<Stream>> streams;
  long long launches = 0;
  /** What the last fault was, for people who read a test's log. */
  std::string detail;
};

State& state();

/** Fails with a code, keeps the reason for cuGetErrorString, and writes it to the process's log. */
Result fail(Result code, const std::string& reason);

/** Allocates device memory, filled with NaN, between two guards. */
Result allocate(int device, uint64_t* address, size_t bytes);
Result release(int device, uint64_t address);
/** Fails when [address, address + bytes) is not within one allocation. */
Result inBounds(int device, uint64_t address, size_t bytes, const char* what);
/** Fails when something has been written beside an allocation. */
Result guardsHold(int device, const char* after);
}  // namespace cuda_on_cpu
