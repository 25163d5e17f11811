/** The example-weighted mean of a round's updates, whole or in slices, and the checks before it. */
package io.involution.train.average;
