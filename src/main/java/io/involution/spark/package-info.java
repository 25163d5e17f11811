/** The Spark context, task slots, resource profiles, and task failures. */
package io.involution.spark;
