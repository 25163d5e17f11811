/** Arrays of float32 and float64 in Java and native memory, and loops over them. */
package io.involution.layers.array;
