/** The built-in synthetic data set: deterministic, learnable 10-class images made in memory. */
package io.involution.data.synthetic;
