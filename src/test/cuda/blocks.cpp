// A launch's blocks, shared out to two threads.
#include "blocks.h"
#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <numeric>
#include <random>
#include <thread>
#include <vector>

namespace cuda_on_cpu {
__thread Place here;

static std::vector<size_t> blockOrder(const Launch& launch) {
  size_t count = (size_t)launch.blocks.x * launch.blocks.y * launch.blocks.z, part = launch.most / 3;
  std::vector<size_t> places;
  for (size_t i = 0; i < count; i++) {
    size_t middle = count / 2 - part / 2;
    bool chosen = launch.most == 0 || i < part || (i >= middle && i < middle + part) || i + part >= count;
    if (chosen) places.push_back(i);
  }
  if (launch.order == 1) std::reverse(places.begin(), places.end());
  if (launch.order > 1 && launch.most == 0) std::shuffle(places.begin(), places.end(), std::mt19937(launch.order));
  return places;
}

namespace {
/** One launch, whose blocks are dealt out in turn. */
struct Work {
  const Launch& launch;
  std::vector<size_t> order;
  std::atomic<bool> failed{false};
  std::mutex lock;
  std::string fault;

  explicit Work(const Launch& launch) : launch(launch), order(blockOrder(launch)) {}

  void take(unsigned worker, unsigned workers) {
    for (size_t i = worker; !failed && i < order.size(); i += workers) {
      size_t at = order[i], x = launch.blocks.x, y = launch.blocks.y;
      std::string text = runBlock(launch, {unsigned(at % x), unsigned(at / x % y), unsigned(at / (x * y))});
      if (!text.empty()) {
        std::lock_guard<std::mutex> hold(lock);
        failed = true;
        if (fault.empty()) fault = text;
      }
    }
  }
};

/** Threads that wait for work, so that no caller's own stack is left for a fiber's. They live as long as the process. */
class Pool {
  std::mutex lock;
  std::condition_variable changed;
  Work* work = nullptr;
  unsigned turn = 0, busy = 0;
#ifdef CUDA_ON_CPU_ADDRESS
  const unsigned count = 1;
#else
  const unsigned count = 2;
#endif

 public:
  Pool() {
    for (unsigned i = 0; i < count; i++) std::thread([this, i] { serve(i); }).detach();
  }

  void run(Work& wanted) {
    std::unique_lock<std::mutex> hold(lock);
    work = &wanted;
    busy = wanted.order.size() > 1 ? count : 1;
    turn++;
    changed.notify_all();
    changed.wait(hold, [this] { return busy == 0; });
    work = nullptr;
  }

 private:
  void serve(unsigned self) {
    std::unique_lock<std::mutex> hold(lock);
    for (unsigned seen = 0;;) {
      changed.wait(hold, [&] { return turn != seen; });
      seen = turn;
      Work* mine = work;
      if (mine == nullptr || (self > 0 && mine->order.size() <= 1)) continue;
      hold.unlock();
      mine->take(self, count);
      hold.lock();
      if (--busy == 0) changed.notify_all();
    }
  }
};
}  // namespace

std::string runBlocks(const Launch& launch) {
  Work work(launch);
  static std::mutex one;
  static Pool* pool = new Pool;
  std::lock_guard<std::mutex> hold(one);
  orderAfterHost();
  pool->run(work);
  orderBeforeHost();
  return work.fault;
}
}  // namespace cuda_on_cpu
