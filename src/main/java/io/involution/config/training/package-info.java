/** The options of training: step sizes, optimizer, loss, and averaging. */
package io.involution.config.training;
