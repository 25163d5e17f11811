/** Filters of 1x1 as matrix products over whole images. */
package io.involution.layers.convolution.pointwise;
