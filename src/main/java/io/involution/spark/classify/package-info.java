/** Applies a saved model to a table or folder of any size, partition by partition. */
package io.involution.spark.classify;
