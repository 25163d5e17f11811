/** Measures the coefficients of the cost model on the cluster at hand. */
package io.involution.plan.measure;
