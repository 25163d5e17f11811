/** How updates reach the average: collected on the driver, or shuffled in slices. */
package io.involution.spark.exchange;
