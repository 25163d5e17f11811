/**
 * How one process computes: chunks of images, native threads, and the BLAS kernels that OpenBLAS
 * picks.
 */
package io.involution.compute;
