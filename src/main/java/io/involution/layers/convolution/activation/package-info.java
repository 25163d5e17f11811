/** Bias, ReLU and max-pool of convolution outputs, and their backward pass, on lines of outputs. */
package io.involution.layers.convolution.activation;
