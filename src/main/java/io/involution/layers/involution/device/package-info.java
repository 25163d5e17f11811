/** Involution through ND4J's operations, for GPUs. */
package io.involution.layers.involution.device;
