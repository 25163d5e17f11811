/** Which device each worker computes on, and what a worker without its device reports. */
package io.involution.spark.device;
