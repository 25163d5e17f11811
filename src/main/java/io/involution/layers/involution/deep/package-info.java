/** Involution in float32 for many channels and groups, by matrix products over micro-batches. */
package io.involution.layers.involution.deep;
