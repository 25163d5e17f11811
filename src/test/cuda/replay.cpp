// replay FOLDER: runs the recorded launches of a folder again, with kernels that a sanitizer has instrumented, and compares
// what they write. Built by build.sh as kind thread or address; this program itself is not instrumented.
#include <dirent.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include "modules.h"
#include "record.h"

using namespace cuda_on_cpu;

/** Where a recorded address lies now; what is none stays as it is. */
static uint64_t moved(uint64_t address, const RecordedLaunch& launch, const std::vector<char*>& copies) {
  for (size_t i = 0; i < copies.size(); i++) {
    uint64_t offset = address - launch.memory[i].address;
    if (offset <= launch.memory[i].before.size()) return reinterpret_cast<uint64_t>(copies[i]) + offset;
  }
  return address;
}

/** Addresses in memory too. */
static void move(Bytes& bytes, const RecordedLaunch& launch, const std::vector<char*>& copies) {
  uint64_t address;
  for (size_t i = 0; i + sizeof address <= bytes.size(); i += sizeof address) {
    memcpy(&address, bytes.data() + i, sizeof address);
    address = moved(address, launch, copies);
    memcpy(bytes.data() + i, &address, sizeof address);
  }
}

#ifdef CUDA_ON_CPU_THREAD
// ThreadSanitizer keeps books on all that malloc and memcpy touch: memory that is mapped once costs a fifth of that.
static char* const ARENA = static_cast<char*>(
    mmap(nullptr, 1UL << 34, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0));
static size_t taken;

static char* take(size_t bytes) {
  char* at = ARENA + taken;
  taken += (bytes + 511) / 256 * 256;
  return at;
}
static void giveBack(char*) { taken = 0; }
static void fill(char* to, const Bytes& from) {
  for (size_t i = 0; i < from.size(); i++) static_cast<volatile char*>(to)[i] = from[i];
}
#else
static char* take(size_t bytes) {
  void* at = nullptr;
  return posix_memalign(&at, 256, bytes) == 0 ? static_cast<char*>(at) : nullptr;
}
static void giveBack(char* memory) { free(memory); }
static void fill(char* to, const Bytes& from) { memcpy(to, from.data(), from.size()); }
#endif

static std::string replay(const LoadedKernel& loaded, RecordedLaunch& launch) {
  std::vector<char*> copies;
  for (const RecordedMemory& part : launch.memory) copies.push_back(take(part.before.size()));
  for (size_t i = 0; i < copies.size(); i++) {
    RecordedMemory& part = launch.memory[i];
    move(part.before, launch, copies);
    move(part.after, launch, copies);
    fill(copies[i], part.before);
  }
  std::vector<void*> arguments;
  for (size_t i = 0; i < launch.arguments.size(); i++) {
    if (loaded.kernel.parameters[i].address) move(launch.arguments[i], launch, copies);
    arguments.push_back(launch.arguments[i].data());
  }
  Launch again{&loaded.kernel, loaded.shared, launch.blocks, launch.threads, arguments.data(), 7};
#ifdef CUDA_ON_CPU_THREAD
  again.most = 6;  // races are the same in all blocks
#endif
  std::string fault = runBlocks(again);
  for (size_t i = 0; i < copies.size(); i++) {
    if (again.most == 0 && fault.empty() && memcmp(copies[i], launch.memory[i].after.data(), launch.memory[i].after.size()) != 0)
      fault = "other results than before";
    giveBack(copies[i]);
  }
  return fault;
}

int main(int, char** arguments) {
  std::string self = arguments[0], folder = arguments[1];
  std::map<std::string, LoadedKernel> kernels;
  std::string fault = loadKernels(self.substr(0, self.rfind('/')) + "/modules", kernels);
  DIR* files = opendir(folder.c_str());
  int count = 0;
  while (dirent* file = fault.empty() && files != nullptr ? readdir(files) : nullptr) {
    if (file->d_name[0] == '.') continue;
    RecordedLaunch launch = RecordedLaunch::read(folder + "/" + file->d_name);
    auto found = kernels.find(launch.kernel);
    fprintf(stderr, "%s\n", file->d_name);
    fault = found == kernels.end() ? "no such kernel" : replay(found->second, launch);
    if (!fault.empty()) fault = std::string(file->d_name) + ": " + fault;
    count++;
  }
  if (fault.empty() && count == 0) fault = "no launches in " + folder;
  if (files != nullptr) closedir(files);
  fprintf(stderr, "%s\n", fault.empty() ? "all as recorded" : fault.c_str());
  return fault.empty() ? 0 : 1;
}
