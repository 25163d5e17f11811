// Adam's step (Kingma and Ba, "Adam", ICLR 2015, the form at the end of section 2: epsilon outside of the square root,
// the bias corrections in the step size) with decoupled weight decay, as ND4J computes them, and the end of a step.
#include "device.cuh"

#define THREADS 256
#define EACH 4  // parameters of a thread

/** The sum of the examples' losses and hits, by one block: strided chains, joined by halves. */
static __device__ void addUp(const double* losses, const int* hits, int count, bool first, double* lossSum,
                             long long* correct, double (&lossParts)[THREADS], int (&hitParts)[THREADS]) {
  int thread = threadIdx.x;
  double loss = 0.0;
  int hit = 0;
  for (int i = thread; i < count; i += THREADS) {
    loss += losses[i];
    hit += hits[i];
  }
  lossParts[thread] = loss;
  hitParts[thread] = hit;
  for (int half = THREADS / 2; half > 0; half /= 2) {
    __syncthreads();
    if (thread < half) {
      lossParts[thread] += lossParts[thread + half];
      hitParts[thread] += hitParts[thread + half];
    }
  }
  if (thread == 0) {
    *lossSum = (first ? 0.0 : *lossSum) + lossParts[0];
    *correct = (first ? 0 : *correct) + hitParts[0];
  }
}

/**
 * Updates the parameters from the gradients' sums over the step's examples. By step, rates holds {alpha, decay}: Adam's
 * step size with its bias corrections, and the share of a decayed parameter that is subtracted. By parameter, kinds is
 * 0 for what no gradient changes, 1, or 2 for what is decayed too. The last block adds the step's losses and hits to
 * the round's, which begin at 0 in step 0, and says that the next step is next.
 */
extern "C" __global__ void __launch_bounds__(THREADS) adam(
    const int* __restrict__ step, const unsigned long long* __restrict__ round, const float* __restrict__ gradients,
    const unsigned char* __restrict__ kinds, float* __restrict__ parameters, float* __restrict__ m,
    float* __restrict__ v, int length, float beta1, float rest1, float beta2, float rest2, float epsilon,
    const double* __restrict__ losses, const int* __restrict__ hits, double* lossSum, long long* correct, int* next) {
  __shared__ double lossParts[THREADS];
  __shared__ int hitParts[THREADS];
  int count = step[0], index = step[2];
  if (blockIdx.x == gridDim.x - 1) {
    addUp(losses, hits, count, index == 0, lossSum, correct, lossParts, hitParts);
    if (threadIdx.x == 0) *next = index + 1;
    return;
  }
  const float* rates = (const float*)round[5];
  float alpha = rates[2 * index], decay = rates[2 * index + 1];
  int start = blockIdx.x * THREADS * EACH + threadIdx.x;
  float gradient[EACH], first[EACH], second[EACH], parameter[EACH];
  int kind[EACH];
#pragma unroll
  for (int j = 0; j < EACH; j++) {
    int i = start + j * THREADS;
    bool inside = i < length;
    kind[j] = inside ? kinds[i] : 0;
    gradient[j] = inside ? gradients[i] : 0.0f;
    first[j] = inside ? m[i] : 0.0f;
    second[j] = inside ? v[i] : 0.0f;
    parameter[j] = inside ? parameters[i] : 0.0f;
  }
#pragma unroll
  for (int j = 0; j < EACH; j++) {
    int i = start + j * THREADS;
    float mean = gradient[j] / (float)count;
    first[j] = fmaf(mean, rest1, beta1 * first[j]);
    second[j] = fmaf(mean * mean, rest2, beta2 * second[j]);
    float change = first[j] * alpha / (sqrtf(second[j]) + epsilon);
    if (kind[j] == 2) change = fmaf(decay, parameter[j], change);
    if (kind[j] == 0) continue;
    m[i] = first[j];
    v[i] = second[j];
    parameters[i] = parameter[j] - change;
  }
}
