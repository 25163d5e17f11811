// A block whose threads are the operating system's, for ThreadSanitizer and AddressSanitizer.
#include <pthread.h>
#include <algorithm>
#include <thread>
#include "blocks.h"

namespace cuda_on_cpu {
namespace {
const unsigned WARP = 32;
pthread_barrier_t all;
std::vector<pthread_barrier_t> warps;
std::vector<uint64_t> boxes;
__thread unsigned self;
}  // namespace

void barrier(const char*, int) { pthread_barrier_wait(&all); }
int lane() { return self % WARP; }

uint64_t exchange(uint64_t value, int from, const char*, int) {
  boxes[self] = value;
  pthread_barrier_wait(&warps[self / WARP]);
  uint64_t got = from < 0 || from >= (int)WARP ? value : boxes[self / WARP * WARP + from];
  pthread_barrier_wait(&warps[self / WARP]);
  return got;
}

std::string runBlock(const Launch& launch, dim3 block) {
  dim3 size = launch.threads;
  unsigned count = size.x * size.y * size.z;
  pthread_barrier_init(&all, nullptr, count);
  warps.resize((count + WARP - 1) / WARP);
  boxes.assign(count, 0);
  for (size_t w = 0; w < warps.size(); w++)
    pthread_barrier_init(&warps[w], nullptr, std::min(WARP, count - WARP * (unsigned)w));
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < count; i++) {
    threads.emplace_back([&, i] {
      self = i;
      here = {{i % size.x, i / size.x % size.y, i / (size.x * size.y)}, block, size, launch.blocks};
      launch.kernel->run(launch.arguments);
    });
  }
  for (auto& thread : threads) thread.join();
  pthread_barrier_destroy(&all);
  for (auto& warp : warps) pthread_barrier_destroy(&warp);
  return "";
}
}  // namespace cuda_on_cpu
