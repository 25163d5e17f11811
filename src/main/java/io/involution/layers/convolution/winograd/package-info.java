/** 3x3 convolution by Winograd minimal filtering, F(4x4, 3x3). */
package io.involution.layers.convolution.winograd;
