// NVIDIA's driver API (libcuda.so.1) on the CPU: the calls that the job makes, with the real ones' signatures. Copies and
// launches wait in their stream until something waits for them, so a host buffer that is used again too early is found.
#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <algorithm>
#include <chrono>
#include <set>
#include <fcntl.h>
#include <unistd.h>
#include "record.h"
#include "settings.h"
#include "state.h"

using namespace cuda_on_cpu;
typedef int R;
#define EXPORT extern "C" __attribute__((visibility("default")))

static __thread int current = -1;

namespace cuda_on_cpu {
Result fail(Result code, const std::string& reason) {
  state().detail = reason;
  if (setting("QUIET", "").empty()) fprintf(stderr, "CUDA on the CPU: error %d: %s\n", code, reason.c_str());
  return code;
}

/** Finds the kernels in the folder beside this library. */
static std::string findKernels() {
  Dl_info self{};
  dladdr(reinterpret_cast<void*>(&findKernels), &self);
  dlopen(self.dli_fname, RTLD_NOW | RTLD_GLOBAL | RTLD_NOLOAD);  // the kernels' libraries find barrier() here
  std::string path = self.dli_fname;
  return loadKernels(path.substr(0, path.rfind('/')) + "/modules", state().kernels);
}
}  // namespace cuda_on_cpu

namespace {
/** Whether this process is the first to want a file of that name. */
bool makes(const std::string& file) {
  int made = open(file.c_str(), O_CREAT | O_EXCL | O_WRONLY, 0600);
  if (made >= 0) close(made);
  return made >= 0;
}

/** Whether the faults of LOST_AFTER are still to come: with LOST_ONCE only one process takes them, the one that makes that file. */
bool takesFault() {
  static int takes = -1;
  std::string file = setting("LOST_ONCE", "");
  if (file.empty()) return true;
  if (takes < 0) takes = makes(file);
  return takes == 1;
}

Result lose(Device& device, Result code) {
  if (device.lost == SUCCESS) device.lost = code;
  return code;
}

/**
 * With the setting RECORD, the first launch of every shape goes to a file of that folder; with RECORD_ONCE only kernels of which
 * there is none yet.
 */
class Recording {
  RecordedLaunch launch;
  std::string file;

 public:
  Recording(const Function& function, dim3 blocks, dim3 threads, const std::vector<Bytes>& values) {
    std::string folder = setting("RECORD", "");
    if (folder.empty()) return;
    launch = {function.kernel.name, blocks, threads, values, {}};
    std::vector<bool> addresses;
    for (const Parameter& parameter : function.kernel.parameters) addresses.push_back(parameter.address);
    file = folder + "/" + launch.key(addresses);
    static std::set<std::string>* known = new std::set<std::string>;
    bool first = known->insert(folder + "/" + launch.kernel).second;
    if (access(file.c_str(), F_OK) == 0 || (!first && number("RECORD_ONCE", 0) != 0)) file.clear();
    for (size_t i = 0; !file.empty() && i < values.size(); i++)
      if (addresses[i]) keep(state().devices[function.device], values[i].data());
  }

  void write() {
    if (file.empty()) return;
    for (RecordedMemory& part : launch.memory) {
      const char* at = reinterpret_cast<const char*>(part.address);
      part.after.assign(at, at + part.before.size());
    }
    launch.write(file);
  }

 private:
  /** Keeps the allocation that 8 bytes point into, if they do, and those that its own bytes point into. */
  void keep(Device& device, const char* pointer) {
    uint64_t address = 0;
    memcpy(&address, pointer, sizeof address);
    auto next = device.memory.upper_bound(address);
    if (next == device.memory.begin()) return;
    auto [start, size] = *std::prev(next);
    if (address - start > size) return;
    for (const RecordedMemory& part : launch.memory)
      if (part.address == start) return;
    const char* at = reinterpret_cast<const char*>(start);
    launch.memory.push_back({start, Bytes(at, at + size), {}});
    for (size_t i = 0; i + sizeof address <= size; i += sizeof address) keep(device, at + i);
  }
};

Result runKernel(Function* function, dim3 blocks, dim3 threads, std::vector<Bytes>& values) {
  Device& device = state().devices[function->device];
  long long lostAfter = number("LOST_AFTER", -1, function->device);
  if (lostAfter >= 0 && state().launches >= lostAfter && takesFault()) {
    Result code = (Result)number("LOST_CODE", UNKNOWN, function->device);
    return lose(device, fail(code, "the device is lost, as LOST_AFTER asks"));
  }
  std::string killed = setting("KILLED_ONCE", "");
  if (!killed.empty() && state().launches >= number("KILLED_AFTER", 0) && makes(killed)) raise(SIGKILL);
  state().launches++;
  Recording recording(*function, blocks, threads, values);
  if (number("INSTANT", 0) != 0) return recording.write(), SUCCESS;
  std::vector<void*> arguments;
  for (auto& value : values) arguments.push_back(value.data());
  unsigned order = (unsigned)number("ORDER", 0);
  std::string fault = runBlocks({&function->kernel, function->shared, blocks, threads, arguments.data(), order});
  if (!fault.empty()) return lose(device, fail(LAUNCH_FAILED, fault));
  recording.write();
  Result guards = guardsHold(function->device, function->kernel.name);
  return guards == SUCCESS ? SUCCESS : lose(device, guards);
}

/** Runs what waits in a stream, up to `most` operations. */
Result flush(Stream& stream, size_t most = SIZE_MAX) {
  Device& device = state().devices[stream.device];
  for (; most > 0 && !stream.queue.empty() && device.lost == SUCCESS; most--) {
    Operation next = std::move(stream.queue.front());
    stream.queue.pop_front();
    Result result = next();
    if (result != SUCCESS) lose(device, result);
  }
  return device.lost;
}

Result flushDevice(int device) {
  for (auto& stream : state().streams)
    if (stream->device == device) flush(*stream);
  return state().devices[device].lost;
}

/** Whether a call that may not happen while a stream records is made now; the recording is lost then. */
bool spoilsCapture() {
  bool spoils = false;
  for (auto& stream : state().streams)
    if (stream->capturing && stream->device == current && (stream->everywhere || stream->recorder == pthread_self()))
      spoils = stream->invalidated = true;
  return spoils;
}

Result ready() {
  if (!state().initialized) return NOT_INITIALIZED;
  if (current < 0) return fail(INVALID_CONTEXT, "no context is current in this thread");
  return state().devices[current].lost;
}

Result streamOf(void* handle, Stream** stream) {
  if (Result r = ready()) return r;
  for (auto& known : state().streams)
    if (known.get() == handle) *stream = known.get();
  if (*stream == nullptr || (*stream)->device != current) return fail(INVALID_HANDLE, "no such stream in this context");
  return SUCCESS;
}

/** Puts an operation at a stream's end, or into the graph that it records. */
Result enqueue(void* handle, Operation operation) {
  Stream* stream = nullptr;
  if (Result r = streamOf(handle, &stream)) return r;
  if (stream->capturing)
    stream->capturing->operations.push_back(std::move(operation));
  else
    stream->queue.push_back(std::move(operation));
  return SUCCESS;
}

Result copy(void* stream, Operation operation) {
  Stream* found = nullptr;
  if (Result r = streamOf(stream, &found)) return r;
  if (found->capturing) {
    found->invalidated = true;
    return fail(STREAM_CAPTURE_UNSUPPORTED, "a copy between host and device while the stream records a graph");
  }
  return enqueue(stream, std::move(operation));
}

Result waits(Stream& stream) {
  if (!stream.capturing) return SUCCESS;
  stream.invalidated = true;
  return fail(STREAM_CAPTURE_UNSUPPORTED, "a stream is waited for while it records a graph");
}

struct Event {
  Stream* stream = nullptr;
  bool done = true;
  double milliseconds = 0;
};

double now() {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/** The machine's device of an ordinal that the caller sees. */
R real(int ordinal, int* device) {
  if (!state().initialized) return NOT_INITIALIZED;
  if (ordinal < 0 || ordinal >= (int)state().visible.size()) return INVALID_DEVICE;
  *device = state().visible[ordinal];
  return SUCCESS;
}

int capability(int device) {
  double value = atof(setting("CAPABILITY", "9.0", device).c_str());
  return (int)(value * 10 + 0.5);
}
}  // namespace

#define LOCKED std::lock_guard<std::recursive_mutex> locked(state().lock)
#define READY \
  LOCKED;     \
  if (Result notReady = ready()) return notReady
#define OUTSIDE_CAPTURE(what) \
  READY;                      \
  if (spoilsCapture()) return fail(STREAM_CAPTURE_UNSUPPORTED, what " while a stream records a graph")

// ---- the library and its devices

EXPORT R cuInit(unsigned flags) {
  LOCKED;
  if (flags != 0) return INVALID_VALUE;
  if (state().initialized) return SUCCESS;
  if (number("INIT", 0) != 0) return fail((Result)number("INIT", 0), "cuInit fails, as INIT asks");
  int all = (int)number("DEVICES", 1);
  const char* visible = getenv("CUDA_VISIBLE_DEVICES");
  state().visible.clear();
  if (visible == nullptr)
    for (int i = 0; i < all; i++) state().visible.push_back(i);
  for (const char* at = visible; at != nullptr && *at; at = strchr(at, ',') ? strchr(at, ',') + 1 : nullptr) {
    if (*at < '0' || *at > '9' || atoi(at) >= all) break;
    state().visible.push_back(atoi(at));
  }
  if (state().visible.empty()) return NO_DEVICE;
  if (state().kernels.empty()) {
    std::string fault = findKernels();
    if (!fault.empty()) return fail(UNKNOWN, fault);
  }
  state().initialized = true;
  return SUCCESS;
}
EXPORT R cuDriverGetVersion(int* version) {
  *version = (int)number("DRIVER", 13000);
  return SUCCESS;
}
EXPORT R cuDeviceGetCount(int* count) {
  LOCKED;
  if (!state().initialized) return NOT_INITIALIZED;
  *count = (int)state().visible.size();
  return SUCCESS;
}
EXPORT R cuDeviceGet(int* device, int ordinal) {
  LOCKED;
  int found;
  *device = ordinal;
  return real(ordinal, &found);
}
EXPORT R cuDeviceGetName(char* name, int length, int ordinal) {
  LOCKED;
  int device;
  if (R r = real(ordinal, &device)) return r;
  snprintf(name, length, "%s", setting("NAME", "CPU emulation", device).c_str());
  return SUCCESS;
}
EXPORT R cuDeviceGetUuid_v2(unsigned char* uuid, int ordinal) {
  LOCKED;
  int device;
  if (R r = real(ordinal, &device)) return r;
  std::string seed = setting("UUID", "emulated-" + std::to_string(device), device);
  seed.resize(16, '.');
  memcpy(uuid, seed.data(), 16);
  return SUCCESS;
}
EXPORT R cuDeviceGetUuid(unsigned char* uuid, int ordinal) { return cuDeviceGetUuid_v2(uuid, ordinal); }
EXPORT R cuDeviceTotalMem_v2(size_t* bytes, int ordinal) {
  LOCKED;
  int device;
  if (R r = real(ordinal, &device)) return r;
  *bytes = (size_t)number("MEMORY", 1LL << 34, device);
  return SUCCESS;
}
EXPORT R cuDeviceGetAttribute(int* value, int attribute, int ordinal) {
  LOCKED;
  int device;
  if (R r = real(ordinal, &device)) return r;
  switch (attribute) {
    case 1: *value = 1024; break;        // threads of a block
    case 8: *value = 48 * 1024; break;   // shared memory of a block
    case 10: *value = 32; break;         // lanes of a warp
    case 16: *value = 132; break;        // multiprocessors
    case 75: *value = capability(device) / 10; break;
    case 76: *value = capability(device) % 10; break;
    default: return INVALID_VALUE;
  }
  return SUCCESS;
}

// ---- contexts

EXPORT R cuDevicePrimaryCtxRetain(void** context, int ordinal) {
  LOCKED;
  int device;
  if (R r = real(ordinal, &device)) return r;
  if (Result lost = state().devices[device].lost) return lost;
  *context = reinterpret_cast<void*>((intptr_t)(device + 1));
  return SUCCESS;
}
EXPORT R cuDevicePrimaryCtxRelease_v2(int ordinal) {
  LOCKED;
  int device;
  return real(ordinal, &device);
}
EXPORT R cuCtxSetCurrent(void* context) {
  LOCKED;
  current = (int)reinterpret_cast<intptr_t>(context) - 1;
  return SUCCESS;
}
EXPORT R cuCtxGetCurrent(void** context) {
  *context = reinterpret_cast<void*>((intptr_t)(current + 1));
  return SUCCESS;
}
EXPORT R cuCtxSynchronize() {
  OUTSIDE_CAPTURE("the context is waited for");
  return flushDevice(current);
}

// ---- modules

EXPORT R cuModuleLoadDataEx(void** module, const void* image, unsigned, int*, void**) {
  OUTSIDE_CAPTURE("a module is loaded");
  const char* text = static_cast<const char*>(image);
  const char *version = strstr(text, ".version "), *target = strstr(text, ".target sm_");
  if (version == nullptr || target == nullptr) return fail(INVALID_IMAGE, "a module without .version or .target");
  // Driver 11.0 reads PTX 7.0, 12.0 reads 8.0, 13.0 reads 9.0; 10.0 reads 6.3, 10.1 reads 6.4, 10.2 reads 6.5.
  int driver = (int)number("DRIVER", 13000), major = driver / 1000, minor = driver % 1000 / 10;
  int reads = major >= 11 ? (major - 4) * 10 + minor : major == 10 ? 63 + minor : 60 + minor;
  if ((int)(atof(version + 9) * 10 + 0.5) > reads) return fail(UNSUPPORTED_PTX_VERSION, std::string(version, 12));
  if (atoi(target + 11) > capability(current)) return fail(NO_BINARY_FOR_GPU, std::string(target, 13));
  *module = new Module{current, text};
  return SUCCESS;
}
EXPORT R cuModuleLoadData(void** module, const void* image) {
  return cuModuleLoadDataEx(module, image, 0, nullptr, nullptr);
}
EXPORT R cuModuleUnload(Module* module) {
  READY;
  delete module;
  return SUCCESS;
}
EXPORT R cuModuleGetFunction(void** function, Module* module, const char* name) {
  READY;
  auto found = state().kernels.find(name);
  if (module->text.find(std::string(".entry ") + name + "(") == std::string::npos)
    return fail(NOT_FOUND, std::string("no kernel ") + name + " in this PTX");
  if (found == state().kernels.end()) return fail(NOT_FOUND, std::string("no kernel ") + name + " in the emulation");
  *function = new Function{current, found->second.kernel, found->second.shared};
  return SUCCESS;
}
EXPORT R cuFuncGetAttribute(int* value, int attribute, Function* function) {
  READY;
  *value = attribute == 0 ? 1024 : 0;
  return function == nullptr ? INVALID_VALUE : SUCCESS;
}

// ---- memory

EXPORT R cuMemAlloc_v2(uint64_t* address, size_t bytes) {
  OUTSIDE_CAPTURE("memory is allocated");
  return allocate(current, address, bytes);
}
EXPORT R cuMemFree_v2(uint64_t address) {
  OUTSIDE_CAPTURE("memory is freed");
  if (Result r = flushDevice(current)) return r;
  return release(current, address);
}
EXPORT R cuMemGetInfo_v2(size_t* available, size_t* all) {
  READY;
  *all = (size_t)number("MEMORY", 1LL << 34, current);
  *available = *all - state().devices[current].used;
  return SUCCESS;
}
EXPORT R cuMemHostAlloc(void** address, size_t bytes, unsigned) {
  READY;
  *address = malloc(bytes);
  memset(*address, 0xff, bytes);
  state().hostMemory[reinterpret_cast<uintptr_t>(*address)] = bytes;
  return SUCCESS;
}
EXPORT R cuMemFreeHost(void* address) {
  LOCKED;
  if (state().hostMemory.erase(reinterpret_cast<uintptr_t>(address)) == 0)
    return fail(INVALID_VALUE, "host memory that is not allocated is freed");
  for (auto& stream : state().streams) flush(*stream);
  free(address);
  return SUCCESS;
}
EXPORT R cuMemcpyHtoDAsync_v2(uint64_t to, const void* from, size_t bytes, void* stream) {
  READY;
  if (Result r = inBounds(current, to, bytes, "a copy to the device")) return r;
  return copy(stream, [=, device = current] {
    if (Result r = inBounds(device, to, bytes, "a copy to the device")) return r;
    memcpy(reinterpret_cast<void*>(to), from, bytes);
    return SUCCESS;
  });
}
EXPORT R cuMemcpyDtoHAsync_v2(void* to, uint64_t from, size_t bytes, void* stream) {
  READY;
  if (Result r = inBounds(current, from, bytes, "a copy from the device")) return r;
  Result queued = copy(stream, [=, device = current] {
    if (Result r = inBounds(device, from, bytes, "a copy from the device")) return r;
    memcpy(to, reinterpret_cast<void*>(from), bytes);
    return SUCCESS;
  });
  if (queued == SUCCESS) memset(to, 0xff, bytes);  // NaN until the stream has been waited for
  return queued;
}
EXPORT R cuMemcpyDtoDAsync_v2(uint64_t to, uint64_t from, size_t bytes, void* stream) {
  READY;
  if (Result r = inBounds(current, to, bytes, "a copy on the device")) return r;
  if (Result r = inBounds(current, from, bytes, "a copy on the device")) return r;
  return enqueue(stream, [=] {
    memmove(reinterpret_cast<void*>(to), reinterpret_cast<void*>(from), bytes);
    return SUCCESS;
  });
}
EXPORT R cuMemsetD8Async(uint64_t to, unsigned char value, size_t count, void* stream) {
  READY;
  if (Result r = inBounds(current, to, count, "memory is set")) return r;
  return enqueue(stream, [=] {
    memset(reinterpret_cast<void*>(to), value, count);
    return SUCCESS;
  });
}
EXPORT R cuMemsetD32Async(uint64_t to, unsigned value, size_t count, void* stream) {
  READY;
  if (Result r = inBounds(current, to, 4 * count, "memory is set")) return r;
  return enqueue(stream, [=] {
    std::fill_n(reinterpret_cast<unsigned*>(to), count, value);
    return SUCCESS;
  });
}

// ---- streams, launches, graphs

EXPORT R cuStreamCreate(void** stream, unsigned) {
  READY;
  state().streams.push_back(std::make_unique<Stream>());
  state().streams.back()->device = current;
  *stream = state().streams.back().get();
  return SUCCESS;
}
EXPORT R cuStreamDestroy_v2(void* handle) {
  LOCKED;
  for (auto at = state().streams.begin(); at != state().streams.end(); ++at) {
    if (at->get() != handle) continue;
    Result result = flush(**at);
    state().streams.erase(at);
    return result;
  }
  return fail(INVALID_HANDLE, "no such stream");
}
EXPORT R cuStreamSynchronize(void* handle) {
  LOCKED;
  Stream* stream = nullptr;
  if (Result r = streamOf(handle, &stream)) return r;
  if (Result r = waits(*stream)) return r;
  return flush(*stream);
}
EXPORT R cuStreamQuery(void* handle) {
  LOCKED;
  Stream* stream = nullptr;
  if (Result r = streamOf(handle, &stream)) return r;
  if (Result r = waits(*stream)) return r;
  if (Result r = flush(*stream, 1)) return r;
  return stream->queue.empty() ? SUCCESS : NOT_READY;
}
EXPORT R cuStreamBeginCapture_v2(void* handle, int mode) {
  LOCKED;
  Stream* stream = nullptr;
  if (Result r = streamOf(handle, &stream)) return r;
  if (stream->capturing) return fail(INVALID_VALUE, "the stream records a graph already");
  stream->capturing = std::make_unique<Graph>();
  stream->invalidated = false;
  stream->everywhere = mode == 0;
  stream->recorder = pthread_self();
  return SUCCESS;
}
EXPORT R cuStreamEndCapture(void* handle, Graph** graph) {
  LOCKED;
  Stream* stream = nullptr;
  if (Result r = streamOf(handle, &stream)) return r;
  if (!stream->capturing) return fail(INVALID_VALUE, "the stream records no graph");
  std::unique_ptr<Graph> made = std::move(stream->capturing);
  *graph = nullptr;
  if (stream->invalidated) return fail(STREAM_CAPTURE_INVALIDATED, "something spoiled the recording");
  *graph = made.release();
  return SUCCESS;
}
EXPORT R cuGraphInstantiateWithFlags(Graph** executable, Graph* graph, unsigned long long) {
  OUTSIDE_CAPTURE("a graph is made");
  *executable = new Graph(*graph);
  return SUCCESS;
}
EXPORT R cuGraphUpload(Graph*, void*) {
  READY;
  return SUCCESS;
}
EXPORT R cuGraphDestroy(Graph* graph) {
  LOCKED;
  delete graph;
  return SUCCESS;
}
EXPORT R cuGraphExecDestroy(Graph* graph) {
  LOCKED;
  for (auto& stream : state().streams) flush(*stream);
  delete graph;
  return SUCCESS;
}
EXPORT R cuGraphLaunch(Graph* graph, void* handle) {
  LOCKED;
  Stream* stream = nullptr;
  if (Result r = streamOf(handle, &stream)) return r;
  if (stream->capturing) return fail(STREAM_CAPTURE_UNSUPPORTED, "a graph is launched while the stream records one");
  for (auto& operation : graph->operations) stream->queue.push_back(operation);
  return SUCCESS;
}
EXPORT R cuLaunchKernel(Function* function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz,
                        unsigned shared, void* stream, void** parameters, void** extra) {
  READY;
  const Kernel& kernel = function->kernel;
  if (function->device != current) return fail(INVALID_HANDLE, std::string(kernel.name) + " is another device's");
  if (setting("REFUSE", "") == kernel.name) return fail(LAUNCH_OUT_OF_RESOURCES, std::string(kernel.name) + " is refused");
  unsigned long long threads = (unsigned long long)bx * by * bz;
  bool fits = gx > 0 && gy > 0 && gz > 0 && gx <= 0x7fffffff && gy <= 65535 && gz <= 65535 && threads > 0 &&
              threads <= 1024 && bz <= 64 && shared == 0 && extra == nullptr;
  if (!fits) return fail(INVALID_VALUE, std::string("the grid of ") + kernel.name);
  std::vector<Bytes> values;
  for (size_t i = 0; i < kernel.parameters.size(); i++) {
    const char* value = static_cast<const char*>(parameters[i]);
    values.emplace_back(value, value + kernel.parameters[i].size);
    uint64_t address = 0;
    if (kernel.parameters[i].address) memcpy(&address, value, sizeof address);
    std::string what = std::string(kernel.name) + ", argument " + std::to_string(i);
    if (address != 0 && inBounds(current, address, 0, what.c_str())) return ILLEGAL_ADDRESS;
  }
  return enqueue(stream, [=]() mutable { return runKernel(function, {gx, gy, gz}, {bx, by, bz}, values); });
}

// ---- events

EXPORT R cuEventCreate(void** event, unsigned) {
  READY;
  *event = new Event;
  return SUCCESS;
}
EXPORT R cuEventDestroy_v2(Event* event) {
  LOCKED;
  for (auto& stream : state().streams) flush(*stream);
  delete event;
  return SUCCESS;
}
EXPORT R cuEventRecord(Event* event, void* stream) {
  READY;
  if (Result r = streamOf(stream, &event->stream)) return r;
  event->done = false;
  return enqueue(stream, [=] {
    event->done = true;
    event->milliseconds = now();
    return SUCCESS;
  });
}
EXPORT R cuEventSynchronize(Event* event) {
  READY;
  if (!event->done)
    if (Result r = waits(*event->stream)) return r;
  while (!event->done && !event->stream->queue.empty())
    if (Result r = flush(*event->stream, 1)) return r;
  return SUCCESS;
}
EXPORT R cuEventQuery(Event* event) {
  READY;
  if (event->done) return SUCCESS;
  if (Result r = waits(*event->stream)) return r;
  if (Result r = flush(*event->stream, 1)) return r;
  return event->done ? SUCCESS : NOT_READY;
}
EXPORT R cuEventElapsedTime(float* milliseconds, Event* from, Event* to) {
  READY;
  if (!from->done || !to->done) return NOT_READY;
  *milliseconds = (float)(to->milliseconds - from->milliseconds);
  return SUCCESS;
}

// ---- errors

static const struct {
  Result code;
  const char *name, *text;
} ERRORS[] = {
    {SUCCESS, "CUDA_SUCCESS", "no error"},
    {INVALID_VALUE, "CUDA_ERROR_INVALID_VALUE", "invalid argument"},
    {OUT_OF_MEMORY, "CUDA_ERROR_OUT_OF_MEMORY", "out of memory"},
    {NOT_INITIALIZED, "CUDA_ERROR_NOT_INITIALIZED", "initialization error"},
    {NO_DEVICE, "CUDA_ERROR_NO_DEVICE", "no CUDA-capable device is detected"},
    {INVALID_DEVICE, "CUDA_ERROR_INVALID_DEVICE", "invalid device ordinal"},
    {INVALID_IMAGE, "CUDA_ERROR_INVALID_IMAGE", "device kernel image is invalid"},
    {INVALID_CONTEXT, "CUDA_ERROR_INVALID_CONTEXT", "invalid device context"},
    {NO_BINARY_FOR_GPU, "CUDA_ERROR_NO_BINARY_FOR_GPU", "no kernel image is available for execution on the device"},
    {UNSUPPORTED_PTX_VERSION, "CUDA_ERROR_UNSUPPORTED_PTX_VERSION",
     "the provided PTX was compiled with an unsupported toolchain."},
    {INVALID_HANDLE, "CUDA_ERROR_INVALID_HANDLE", "invalid resource handle"},
    {NOT_FOUND, "CUDA_ERROR_NOT_FOUND", "named symbol not found"},
    {NOT_READY, "CUDA_ERROR_NOT_READY", "device not ready"},
    {ILLEGAL_ADDRESS, "CUDA_ERROR_ILLEGAL_ADDRESS", "an illegal memory access was encountered"},
    {LAUNCH_OUT_OF_RESOURCES, "CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES", "too many resources requested for launch"},
    {LAUNCH_FAILED, "CUDA_ERROR_LAUNCH_FAILED", "unspecified launch failure"},
    {STREAM_CAPTURE_UNSUPPORTED, "CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED",
     "operation not permitted when stream is capturing"},
    {STREAM_CAPTURE_INVALIDATED, "CUDA_ERROR_STREAM_CAPTURE_INVALIDATED",
     "operation failed due to a previous error during capture"},
    {UNKNOWN, "CUDA_ERROR_UNKNOWN", "unknown error"},
};
EXPORT R cuGetErrorString(R code, const char** text) {
  for (auto& error : ERRORS)
    if (error.code == code) return *text = error.text, SUCCESS;
  *text = nullptr;
  return INVALID_VALUE;
}
EXPORT R cuGetErrorName(R code, const char** name) {
  for (auto& error : ERRORS)
    if (error.code == code) return *name = error.name, SUCCESS;
  *name = nullptr;
  return INVALID_VALUE;
}

// ---- for tests alone

static std::vector<std::string>& changed() {
  static std::vector<std::string>* names = new std::vector<std::string>;
  return *names;
}
/** Changes a setting of this process (without CUDA_ON_CPU_); an empty value takes it away. */
EXPORT void cuda_on_cpu_set(const char* name, const char* value) {
  LOCKED;
  changed().push_back(std::string("CUDA_ON_CPU_") + name);
  setenv(changed().back().c_str(), value, 1);
}
/** Why the last call failed, more exactly than CUDA's own text. */
EXPORT const char* cuda_on_cpu_reason() { return state().detail.c_str(); }
/** As after the process's start: what was set is forgotten, no device is lost, all memory and streams are free. */
EXPORT void cuda_on_cpu_reset() {
  LOCKED;
  for (const std::string& name : changed()) unsetenv(name.c_str());
  changed().clear();
  state().initialized = false;
  state().launches = 0;
  state().streams.clear();
  for (auto& [number, device] : state().devices) {
    device.lost = SUCCESS;
    while (!device.memory.empty()) release(number, device.memory.begin()->first);
  }
}
