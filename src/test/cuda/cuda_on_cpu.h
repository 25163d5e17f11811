// CUDA's language for g++: read before every .cu file of src/main/cuda when its kernels are built for the CPU.
#pragma once
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <vector>

#define __global__
#define __device__
#define __host__
#define __constant__ static const
#define __forceinline__ inline
#define __launch_bounds__(...)
#ifdef CUDA_ON_CPU_ADDRESS
#define __shared__ static  // AddressSanitizer guards no thread-local variables; there is one thread then
#else
// One copy for each of the threads that run blocks; nothing else in a module's library is thread-local.
#define __shared__ static __thread
#endif

struct dim3 {
  unsigned x, y, z;
};
struct alignas(8) float2 {
  float x, y;
};
struct alignas(16) float4 {
  float x, y, z, w;
};
struct alignas(8) int2 {
  int x, y;
};
struct alignas(16) int4 {
  int x, y, z, w;
};
struct alignas(16) double2 {
  double x, y;
};
struct alignas(4) uchar4 {
  unsigned char x, y, z, w;
};
static inline float2 make_float2(float x, float y) { return {x, y}; }
static inline float4 make_float4(float x, float y, float z, float w) { return {x, y, z, w}; }
static inline double2 make_double2(double x, double y) { return {x, y}; }

static inline int min(int a, int b) { return a < b ? a : b; }
static inline int max(int a, int b) { return a > b ? a : b; }

namespace cuda_on_cpu {
/** Where the running thread stands. */
struct Place {
  dim3 thread, block, threads, blocks;
};
extern __thread Place here;

/** Waits for the block. */
void barrier(const char* file, int line);
/** Waits for the warp; gives what lane `from` gave (the caller's own value when there is no such lane). */
uint64_t exchange(uint64_t value, int from, const char* file, int line);
/** A copy that its thread has not waited for: nothing is there before it does. */
struct Copy {
  float4* to;
  const float4* from;
};
/** Those of the running thread. */
std::vector<Copy>& begunCopies();
/** Waits for the warp; a tensor core's product of 16 x 8 and 8 x 8 numbers, as tf32.cuh lays them out over the lanes. */
void multiplyAdd(float (&sums)[4], const float4& a, float b0, float b1, const char* file, int line);
/** Waits for the warp, and orders its accesses to memory. */
void warpBarrier(const char* file, int line);
int lane();

template <class T>
T shuffle(T value, int from, const char* file, int line) {
  static_assert(sizeof(T) <= 8, "at most 8 bytes");
  uint64_t bits = 0;
  memcpy(&bits, &value, sizeof value);
  bits = exchange(bits, from, file, line);
  memcpy(&value, &bits, sizeof value);
  return value;
}

inline unsigned ballot(bool own, const char* file, int line) {
  unsigned bits = (unsigned)own << lane();
  for (int with = 1; with < 32; with *= 2) bits |= shuffle(bits, lane() ^ with, file, line);
  return bits;
}
}  // namespace cuda_on_cpu

#define threadIdx cuda_on_cpu::here.thread
#define blockIdx cuda_on_cpu::here.block
#define blockDim cuda_on_cpu::here.threads
#define gridDim cuda_on_cpu::here.blocks
#define __syncthreads() cuda_on_cpu::barrier(__FILE__, __LINE__)
#define __syncwarp(...) cuda_on_cpu::warpBarrier(__FILE__, __LINE__)
#define __shfl_sync(mask, value, from) cuda_on_cpu::shuffle(value, from, __FILE__, __LINE__)
#define __shfl_xor_sync(mask, value, with) \
  cuda_on_cpu::shuffle(value, cuda_on_cpu::lane() ^ (int)(with), __FILE__, __LINE__)
#define __shfl_down_sync(mask, value, by) \
  cuda_on_cpu::shuffle(value, cuda_on_cpu::lane() + (int)(by), __FILE__, __LINE__)
#define __shfl_up_sync(mask, value, by) \
  cuda_on_cpu::shuffle(value, cuda_on_cpu::lane() - (int)(by), __FILE__, __LINE__)
#define __ballot_sync(mask, value) cuda_on_cpu::ballot(value, __FILE__, __LINE__)
#define __ldg(pointer) (*(pointer))
