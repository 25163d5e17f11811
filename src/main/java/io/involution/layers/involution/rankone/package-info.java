/** Involution in float32 where the kernel generator has a single reduced channel. */
package io.involution.layers.involution.rankone;
