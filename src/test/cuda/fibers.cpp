// A block whose threads are fibers of one operating system thread: they run in the launch's order from barrier to barrier.
// ThreadSanitizer is told that they are threads which only barriers order.
#include <sys/mman.h>
#include <ucontext.h>
#include <algorithm>
#include <numeric>
#include <random>
#include <stdexcept>
#include "blocks.h"

extern "C" void* __tls_get_addr(void*);

#ifdef __x86_64__
// switchStacks(from, to): keeps the caller's registers on its stack, its address in *from, and goes on with the other.
asm(R"(
.text
.type cuda_on_cpu_switch, @function
.hidden cuda_on_cpu_switch
.globl cuda_on_cpu_switch
cuda_on_cpu_switch:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
)");
extern "C" void cuda_on_cpu_switch(void** from, void* to);
#endif

#ifdef CUDA_ON_CPU_THREAD
extern "C" {
void* __tsan_get_current_fiber();
void* __tsan_create_fiber(unsigned);
void __tsan_switch_to_fiber(void*, unsigned);
void __tsan_acquire(void*);
void __tsan_release(void*);
}
#else
static void* __tsan_get_current_fiber() { return nullptr; }
static void* __tsan_create_fiber(unsigned) { return nullptr; }
static void __tsan_switch_to_fiber(void*, unsigned) {}
static void __tsan_acquire(void*) {}
static void __tsan_release(void*) {}
#endif

namespace cuda_on_cpu {
static char launchBegins, launchEnds;

void orderAfterHost() { __tsan_release(&launchBegins); }
void orderBeforeHost() { __tsan_acquire(&launchEnds); }

namespace {
const unsigned UNORDERED = 1;
const size_t STACK = 128 * 1024, PAGE = 4096;
const unsigned WARP = 32, MOST = 1024;

enum State { READY, AT_WARP, AT_BLOCK, ENDED };

struct Fiber {
  State state;
  const char* file;
  int line;
  unsigned turn, barriers, warpBarriers;
  uint64_t box[2];
  float factors[2][6];
  std::vector<Copy> copies;
  char* stack;
  void* sanitized = nullptr;
#ifdef __x86_64__
  void* at;
#else
  ucontext_t at;
#endif
};

/** The fibers of one operating system thread, used again for every block. */
class Block {
  Fiber fibers[MOST];
  const Launch* launch;
  unsigned count, self;
  std::string fault;
  // Places that ThreadSanitizer knows as locks; two of each, so that who has gone on does not order who is about to.
  char blocks[2], barriers[2], warps[2][MOST / WARP];
  unsigned blocksRun = 0;
  void* sanitized = nullptr;
#ifdef __x86_64__
  void* scheduler;
#else
  ucontext_t scheduler;
#endif

 public:
  Block() {
    char* stacks = static_cast<char*>(mmap(
        nullptr, MOST * STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0));
    if (stacks == MAP_FAILED) throw std::runtime_error("no memory for the fibers' stacks");
    for (unsigned i = 0; i < MOST; i++) {
      fibers[i].stack = stacks + i * STACK;
      mprotect(fibers[i].stack, PAGE, PROT_NONE);  // a stack that grows too long ends the process
    }
  }

  std::string run(const Launch& what, dim3 block) {
    launch = &what;
    blocksRun++;
    if (sanitized == nullptr) sanitized = __tsan_get_current_fiber();
    fault.clear();
    count = what.threads.x * what.threads.y * what.threads.z;
    here = {{0, 0, 0}, block, what.threads, what.blocks};
    std::vector<unsigned> warps = order((count + WARP - 1) / WARP, 0), lanes = order(WARP, 1);
    for (unsigned i = 0; i < count; i++) begin(i);
    for (bool ended = false; !ended && fault.empty();) {
      for (unsigned warp : warps) runWarp(warp * WARP, lanes);
      ended = fault.empty() && joinBlock();
    }
    return fault;
  }

  void waitForBlock(const char* file, int line) {
    char* lock = &barriers[fibers[self].barriers++ & 1];
    __tsan_release(lock);
    pause(AT_BLOCK, file, line);
    __tsan_acquire(lock);
  }

  void waitForWarp(const char* file, int line) {
    char* lock = &warps[fibers[self].warpBarriers++ & 1][self / WARP];
    __tsan_release(lock);
    pause(AT_WARP, file, line);
    __tsan_acquire(lock);
  }

  void pause(State state, const char* file, int line) {
    Fiber& fiber = fibers[self];
    fiber.state = state;
    fiber.file = file;
    fiber.line = line;
    leave(fiber);
  }

  uint64_t exchange(uint64_t value, int from, const char* file, int line) {
    unsigned me = self;
    Fiber& fiber = fibers[me];
    // Two boxes in turn: nobody writes the next but one before all of the warp have read this.
    unsigned box = fiber.turn++ & 1;
    fiber.box[box] = value;
    pause(AT_WARP, file, line);
    if (from < 0 || from >= (int)WARP) return value;
    return fibers[me / WARP * WARP + from].box[box];
  }

  void multiplyAdd(float (&sums)[4], const float (&factors)[6], const char* file, int line) {
    unsigned me = self, group = me % WARP / 4, within = me % 4;
    unsigned box = fibers[me].turn++ & 1;
    for (int i = 0; i < 6; i++) fibers[me].factors[box][i] = truncated(factors[i]);
    pause(AT_WARP, file, line);
    const Fiber* warp = &fibers[me / WARP * WARP];
    for (unsigned k = 0; k < 8; k++) {
      const float* rows = &warp[group * 4 + k % 4].factors[box][k / 4 * 2];
      for (unsigned c = 0; c < 2; c++) {
        float right = warp[(2 * within + c) * 4 + k % 4].factors[box][4 + k / 4];
        sums[c] += rows[0] * right;  // exact products: 22 bits
        sums[2 + c] += rows[1] * right;
      }
    }
  }

  int lane() const { return self % WARP; }
  std::vector<Copy>& copies() { return fibers[self].copies; }

 private:
  /** The bits of a number that a tensor core reads. */
  static float truncated(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    bits &= ~0x1fffu;
    memcpy(&value, &bits, sizeof value);
    return value;
  }

  std::vector<unsigned> order(unsigned length, unsigned salt) const {
    std::vector<unsigned> places(length);
    std::iota(places.begin(), places.end(), 0);
    if (launch->order == 1) std::reverse(places.begin(), places.end());
    if (launch->order > 1) {
      std::shuffle(places.begin(), places.end(),
                   std::mt19937(launch->order + 31 * salt + 97 * (here.block.x + 1009 * here.block.y)));
    }
    return places;
  }

  /** Runs a warp's lanes until all of them wait for the block or have ended. */
  void runWarp(unsigned first, const std::vector<unsigned>& lanes) {
    unsigned end = std::min(first + WARP, count);
    for (bool again = true; again && fault.empty();) {
      for (unsigned lane : lanes)
        if (first + lane < end && fibers[first + lane].state == READY) resume(first + lane);
      unsigned waiting = 0, at = end;
      for (unsigned i = first; i < end; i++) {
        if (fibers[i].state != AT_WARP) continue;
        waiting++;
        at = i;
      }
      again = waiting > 0;
      if (again && waiting < WARP) {
        for (unsigned i = first; i < end && fault.empty(); i++)
          if (fibers[i].state != AT_WARP) differ(at, i);
        if (fault.empty()) fault = place(at) + " exchanges with a warp that is not whole";
      }
      for (unsigned i = first; again && i < end && fault.empty(); i++) {
        if (!together(i, first)) differ(first, i);
        fibers[i].state = READY;
      }
    }
  }

  /** Lets the block go on when all of it is at one barrier; whether all of it has ended. */
  bool joinBlock() {
    unsigned waiting = count;
    for (unsigned i = 0; i < count && waiting == count; i++)
      if (fibers[i].state == AT_BLOCK) waiting = i;
    if (waiting == count) return true;
    for (unsigned i = 0; i < count && fault.empty(); i++) {
      if (fibers[i].state != AT_BLOCK || !together(i, waiting)) differ(waiting, i);
      fibers[i].state = READY;
    }
    return false;
  }

  bool together(unsigned i, unsigned j) const {
    return fibers[i].line == fibers[j].line && strcmp(fibers[i].file, fibers[j].file) == 0;
  }

  std::string place(unsigned i) const {
    const Fiber& fiber = fibers[i];
    const char* slash = fiber.state == ENDED ? nullptr : strrchr(fiber.file, '/');
    return "thread " + std::to_string(i) +
           (fiber.state == ENDED ? " (ended)"
                                 : " (" + std::string(slash ? slash + 1 : fiber.file) + ":" + std::to_string(fiber.line) + ")");
  }

  void differ(unsigned i, unsigned j) {
    fault = place(i) + " waits for " + place(j) + " in block " + std::to_string(here.block.x) + "," +
            std::to_string(here.block.y) + "," + std::to_string(here.block.z) + " of " + launch->kernel->name +
            ": they are not at the same barrier";
  }

  void resume(unsigned i) {
    self = i;
    unsigned x = launch->threads.x, y = launch->threads.y;
    here.thread = {i % x, i / x % y, i / (x * y)};
    __tsan_switch_to_fiber(fibers[i].sanitized, UNORDERED);
#ifdef __x86_64__
    cuda_on_cpu_switch(&scheduler, fibers[i].at);
#else
    swapcontext(&scheduler, &fibers[i].at);
#endif
  }

  void leave(Fiber& fiber) {
    __tsan_switch_to_fiber(sanitized, UNORDERED);
#ifdef __x86_64__
    cuda_on_cpu_switch(&fiber.at, scheduler);
#else
    swapcontext(&fiber.at, &scheduler);
#endif
  }

  static void entry();

  void begin(unsigned i) {
    Fiber& fiber = fibers[i];
    fiber.state = READY;
    fiber.copies.clear();
    fiber.turn = fiber.barriers = fiber.warpBarriers = 0;
    if (fiber.sanitized == nullptr) fiber.sanitized = __tsan_create_fiber(0);
#ifdef __x86_64__
    void** top = reinterpret_cast<void**>(fiber.stack + STACK - 64);
    *--top = nullptr;  // as if `entry` had been called: its stack is 8 past a multiple of 16
    *--top = reinterpret_cast<void*>(&entry);
    for (int saved = 0; saved < 6; saved++) *--top = nullptr;
    fiber.at = top;
#else
    getcontext(&fiber.at);
    fiber.at.uc_stack = {fiber.stack + PAGE, 0, STACK - PAGE};
    fiber.at.uc_link = nullptr;
    makecontext(&fiber.at, &entry, 0);
#endif
  }
};

__thread Block* running;

void Block::entry() {
  Block& block = *running;
  __tsan_acquire(&launchBegins);
  __tsan_acquire(&block.blocks[block.blocksRun & 1]);  // the one before it in the same shared memory has ended
  block.launch->kernel->run(block.launch->arguments);
  __tsan_release(&block.blocks[(block.blocksRun + 1) & 1]);
  __tsan_release(&launchEnds);
  block.pause(ENDED, "", 0);
}
}  // namespace

void barrier(const char* file, int line) { running->waitForBlock(file, line); }
void warpBarrier(const char* file, int line) { running->waitForWarp(file, line); }
uint64_t exchange(uint64_t value, int from, const char* file, int line) {
  return running->exchange(value, from, file, line);
}
void multiplyAdd(float (&sums)[4], const float4& a, float b0, float b1, const char* file, int line) {
  running->multiplyAdd(sums, {a.x, a.y, a.z, a.w, b0, b1}, file, line);
}
int lane() { return running->lane(); }
std::vector<Copy>& begunCopies() { return running->copies(); }

std::string runBlock(const Launch& launch, dim3 block) {
  if (running == nullptr) running = new Block;
  if (launch.shared.bytes > 0) {
    size_t index[2] = {launch.shared.module, 0};
    void* shared = __tls_get_addr(index);
#ifdef CUDA_ON_CPU_THREAD
    (void)shared;  // it may just have been allocated, by this thread
    __tsan_release(&launchBegins);
#else
    memset(shared, 0xff, launch.shared.bytes);  // NaN: nothing is there before it is written
#endif
  }
  return running->run(launch, block);
}
}  // namespace cuda_on_cpu
