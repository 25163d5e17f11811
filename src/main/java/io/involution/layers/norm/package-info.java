/** BatchNorm with an activation and a shortcut in the same pass, and global pooling, on the CPU. */
package io.involution.layers.norm;
