/** The second trainer: deeplearning4j-spark's own parameter averaging. */
package io.involution.spark.dl4j;
