/** The trainer as an estimator of Spark ML. */
package io.involution.ml;
