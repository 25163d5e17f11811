/** Measures the coefficients of the cost model on the current cluster. */
package io.involution.plan.measure;
