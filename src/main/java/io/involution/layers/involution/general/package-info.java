/** Involution in float64 and float32 for any setting. */
package io.involution.layers.involution.general;
