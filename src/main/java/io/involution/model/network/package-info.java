/** The networks: convolution, involution, and the wide involution network. */
package io.involution.model.network;
