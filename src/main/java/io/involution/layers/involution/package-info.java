/** What all involution implementations share: shapes, parameter offsets, BatchNorm, image grids. */
package io.involution.layers.involution;
