/** Convolution as one matrix product per output row. */
package io.involution.layers.convolution.rows;
