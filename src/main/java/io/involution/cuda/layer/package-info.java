/** The networks' layers as kernels on an NVIDIA device. */
package io.involution.cuda.layer;
