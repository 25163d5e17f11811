// Kernels that show what the emulation finds.
#include "device.cuh"

extern "C" __global__ void __launch_bounds__(128) sums(const float* x, float* y, double* z, int n) {
  SHARED float warps[128 / WARP];
  SHARED16 double wide[128 / WARP];
  float sum = 0;
  for (int i = threadIdx.x; i < n; i += 128) sum += x[blockIdx.x * n + i];
  double all = blockSum<128>((double)sum, wide);
  sum = blockSum<128>(sum, warps);
  if (threadIdx.x == 0) {
    y[blockIdx.x] = sum;
    z[blockIdx.x] = all;
  }
}

extern "C" __global__ void functions(const float* x, float* exponentials, double* logarithms, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= n) return;
  exponentials[i] = exponential(x[i]);
  logarithms[i] = logarithm((double)x[i]);
}

/** Reverses each block's numbers; without the barrier, some orders of the threads read what is not there yet. */
extern "C" __global__ void reverse(float* x, int waits) {
  SHARED float all[64];
  all[threadIdx.x] = x[threadIdx.x];
  if (waits) __syncthreads();
  x[threadIdx.x] = all[63 - threadIdx.x];
}

extern "C" __global__ void diverge(float* x) {
  if (threadIdx.x > 3) __syncthreads();
  x[threadIdx.x] = 1;
}

extern "C" __global__ void exchangeApart(float* x) {
  if (threadIdx.x % 2 == 0) x[threadIdx.x] = __shfl_xor_sync(ALL_LANES, x[threadIdx.x], 2);
}

extern "C" __global__ void writeBeyond(float* x, int index) { x[index] = 1; }

/** Every block writes the same number: no order is wrong, but two threads write to one place. */
extern "C" __global__ void writeTogether(float* x) {
  if (threadIdx.x == 0) x[0] = 1;
}

/** An index beyond a row, within the array. */
extern "C" __global__ void readBeyondRow(float* x, int column) {
  SHARED float rows[4][8];
  for (int i = 0; i < 4; i++) rows[i][threadIdx.x % 8] = x[threadIdx.x];
  __syncthreads();
  x[threadIdx.x] = rows[0][column];
}
