/** A run's folder on any Hadoop file system: attempts, checkpoints, claims, and ownership. */
package io.involution.run;
