/** Convolution on the CPU and through ND4J: shapes, per-chunk scratch, gradient sums. */
package io.involution.layers.convolution;
