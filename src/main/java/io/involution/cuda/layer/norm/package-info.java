/**
 * Layers as kernels that read and write rather than multiply: BatchNorms, activations, global
 * pools.
 */
package io.involution.cuda.layer.norm;
