/** The built-in synthetic data set: deterministic, learnable images of ten classes. */
package io.involution.data.synthetic;
