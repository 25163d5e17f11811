/** The end of a step on a device: how the parameters are changed by their gradients. */
package io.involution.cuda.update;
