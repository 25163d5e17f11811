/** From the mean of a round to the model of the next: a pure function of both. */
package io.involution.train.outer;
