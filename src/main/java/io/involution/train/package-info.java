/** Training without Spark: rounds, local steps, epochs, and the outer step. */
package io.involution.train;
