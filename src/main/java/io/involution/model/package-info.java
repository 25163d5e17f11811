/** What a network is trained with: minibatches, learning rate, and the model file. */
package io.involution.model;
