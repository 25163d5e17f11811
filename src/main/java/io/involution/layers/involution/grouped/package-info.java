/** Involution in float32 by matrix products, for several groups and channels. */
package io.involution.layers.involution.grouped;
